package dev.orchestrator.engine.internal.core.operation;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.operation.MoveOperation.Relocate;
import dev.orchestrator.api.operation.MoveOperation.Repoint;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.simulation.DryRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A move that fails half way leaves the replica as it was, also one whose receiver stood still. */
class TakenBackTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static FleetBuilder fleet(String source) {
        String all = MemberBuilder.uuid("p") + ":1-10";
        return new FleetBuilder(NOW)
                .primary("p")
                .replica("r2", "p")
                .replica("r3", source)
                .with(m -> m.executed(all), "p", "r2", "r3")
                .with(m -> m.retrieved(all), "r2", "r3");
    }

    /** The source dies right after the decision: no receiver finds it. */
    private static ReplicationChannel afterwards(FleetBuilder builder, Operation operation, String dies) {
        Fleet planned = named(builder.build());
        PlannedOperation.Work work = requireNonNull(
                Proposed.of(planned, operation, List.of()).proposal().work());
        Fleet dead = named(builder.with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(1)), dies)
                .build());
        DryRun.Result result = DryRun.of(work.procedure(), State.begin(work.terms(), dead, null, new Moment(NOW, 0)));
        assertThat(result.succeeded()).isFalse();
        assertThat(result.state().memory().problems()).noneMatch(p -> p.startsWith("not restored"));
        assertThat(work.failure(result.state())).endsWith("; it was taken back");
        return result.after().instance(key("r3")).flatMap(i -> i.mainChannel()).orElseThrow();
    }

    private static Fleet named(Fleet fleet) {
        return Fleet.of(fleet.members(), fleet.clusters(), Map.of(key("vip"), key("p")));
    }

    private static FleetBuilder stopped(FleetBuilder fleet) {
        return fleet.with(m -> m.receiver(ReplicationThreadState.STOPPED), "r3");
    }

    @Test
    void aReplicaThatStoodStillIsPointedBackAndStandsStill() {
        ReplicationChannel now = afterwards(stopped(fleet("p")), new Relocate(key("r3"), key("r2")), "r2");
        assertThat(now.source()).isEqualTo(key("p"));
        assertThat(now.receiver()).isEqualTo(ReplicationThreadState.STOPPED);
        assertThat(now.applier()).isEqualTo(ReplicationThreadState.RUNNING);
    }

    @Test
    void aReplicaThatReplicatedIsPointedBackAndStarted() {
        ReplicationChannel now = afterwards(fleet("p"), new Relocate(key("r3"), key("r2")), "r2");
        assertThat(now.source()).isEqualTo(key("p"));
        assertThat(now.receiver()).isNotEqualTo(ReplicationThreadState.STOPPED);
    }

    @Test
    void aReceiverThatStoodStillIsStoppedAgainWhenItCannotBeAttached() {
        ReplicationChannel now = afterwards(stopped(fleet("p")), new Repoint(key("r3"), null), "p");
        assertThat(now.receiver()).isEqualTo(ReplicationThreadState.STOPPED);
    }

    @Test
    void theSourceIsCalledAsItWasCalledBefore() {
        ReplicationChannel now = afterwards(fleet("vip"), new Repoint(key("r3"), null), "p");
        assertThat(now.source()).isEqualTo(key("vip"));
        assertThat(now.receiver()).isNotEqualTo(ReplicationThreadState.STOPPED);
    }
}
