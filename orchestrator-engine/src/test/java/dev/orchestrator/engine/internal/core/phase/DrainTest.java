package dev.orchestrator.engine.internal.core.phase;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Moment at(long nanos) {
        return new Moment(NOW.plusNanos(nanos), nanos);
    }

    private static String gtids(String interval) {
        return MemberBuilder.uuid("p") + ":" + interval;
    }

    /** It will never hand on what it has received: somebody else is chosen, and it is named. */
    @Test
    void whoCatchesUpFromOneWhoseApplierBreaksIsNotWaitedFor() {
        Fleet fleet = new FleetBuilder(NOW)
                .primary("p")
                .replica("a", "p")
                .replica("b", "p")
                .with(m -> m.executed(gtids("1-9")), "a", "b")
                .with(m -> m.channel(c -> c.source(key("b")).receiver(ReplicationThreadState.RUNNING)), "a")
                .with(
                        m -> m.channel(c -> c.retrievedGtids(GtidSet.parse(gtids("10")))
                                .applier(ReplicationThreadState.STOPPED)
                                .lastApplierErrno(1062)
                                .lastApplierError("Duplicate entry")),
                        "b")
                .with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(3)), "p")
                .build();
        List<InstanceKey> replicas = List.of(key("a"), key("b"));
        Terms terms = new Terms(
                key("p"),
                replicas,
                List.of(),
                Map.of(),
                Map.of(),
                null,
                true,
                false,
                Before.of(fleet, replicas),
                OrchestratorConfig.builder().build());
        Choice choice = new Choice(
                key("a"),
                key("b"),
                false,
                GtidSet.parse(gtids("1-10")),
                GtidSet.empty(),
                List.of(),
                List.of(key("a")),
                Map.of(),
                Map.of(),
                "a, with the help of b");
        State state = State.begin(terms, fleet, null, at(0)).fold(new Event.Decided(new Fact.Chosen(choice), at(1)));
        state = read(state, fleet, 2, key("a"), key("b"), key("p"));
        Effect.Run await = (Effect.Run) new Drain().wanted(state).get(0);
        state = state.fold(new Event.StepBegun(await, at(10)))
                .fold(new Event.StepEnded(await, StepResult.NOT_YET, at(11)));
        state = read(state, fleet, 12, key("a"), key("b"), key("p"));
        assertThat(new Drain().wanted(state))
                .singleElement()
                .satisfies(e -> assertThat(e.toString())
                        .contains("the applier of b:3306, which it was to catch up from, broke: 1062"));
    }

    private static State read(State before, Fleet fleet, long begun, InstanceKey... keys) {
        State state = before;
        for (InstanceKey key : keys) {
            state = state.fold(new Event.ReadBegun(key, at(begun)))
                    .fold(new Event.ReadEnded(key, fleet.member(key).orElseThrow(), begun, at(begun + 1)));
        }
        return state;
    }
}
