package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Event.Saving;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.simulation.SimulatedFleet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The only replica that may take over takes long to stop its receiver, as its source is frozen; the other one filters. */
class LateStopTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MOST_TURNS = 2000;

    private final Procedure procedure = Procedures.deadPrimary();
    private final SimulatedFleet servers = new SimulatedFleet(fleet());
    private Effect.@Nullable Run late;
    private State state = begin();

    private static Fleet fleet() {
        String all = MemberBuilder.uuid("p") + ":1-10";
        FleetBuilder fleet =
                new FleetBuilder(START).primary("p").replica("r1", "p").replica("r2", "p");
        return fleet.with(m -> m.executed(all), "p", "r1", "r2")
                .with(m -> m.retrieved(all).receiver(ReplicationThreadState.CONNECTING), "r1", "r2")
                .with(m -> m.channel(c -> c.filters(List.of("replicate-ignore-db=scratch"))), "r2")
                .with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(1)), "p")
                .build();
    }

    private State begin() {
        Fleet fleet = servers.fleet();
        OrchestratorConfig config = OrchestratorConfig.builder().build();
        Terms terms = RecoveryScope.of(fleet, key("p"), Map.of(), Map.of(), null, true, config);
        RecoveryRecord record = RecoveryRecord.builder(
                        "uid",
                        FleetBuilder.CLUSTER,
                        AnalysisCode.DEAD_PRIMARY,
                        key("p"),
                        new Actor("orchestrator", Origin.AUTOMATIC, "n"),
                        START)
                .failedUuid(MemberBuilder.uuid("p"))
                .replicas(terms.replicas())
                .before(terms.before().servers())
                .build();
        return State.begin(terms, fleet, record, new Moment(START, 1));
    }

    private void happens(Function<Moment, Event> event) {
        happens(Duration.ofMillis(1), event);
    }

    private void happens(Duration by, Function<Moment, Event> event) {
        state = state.fold(
                event.apply(new Moment(state.now().at().plus(by), state.now().nanos() + by.toNanos())));
    }

    /** Runs until it has ended, or that time has passed. */
    private void run(Duration most) {
        long until = state.now().nanos() + most.toNanos();
        for (int turn = 0;
                turn < MOST_TURNS && state.end() == null && state.now().nanos() < until;
                turn++) {
            Effect.decisionFirst(procedure.next(state)).forEach(this::carryOut);
        }
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Decide e) {
            happens(at -> new Event.Decided(e.fact(), at));
        } else if (effect instanceof Effect.Run e) {
            happens(at -> new Event.StepBegun(e, at));
            if (late == null && e.step().instance().equals(key("r1"))) {
                late = e;
            } else {
                ends(e);
            }
        } else if (effect instanceof Effect.Read e) {
            happens(at -> new Event.ReadBegun(e.server(), at));
            FleetMember member = servers.fleet().member(e.server()).orElseThrow();
            long begun = state.now().nanos();
            happens(at -> new Event.ReadEnded(e.server(), member, begun, at));
        } else if (effect instanceof Effect.Save e) {
            happens(at -> new Event.SaveBegun(e.version(), at));
            happens(at -> new Event.SaveEnded(e.version(), Saving.WRITTEN, "", at));
        } else if (effect instanceof Effect.Tell e) {
            happens(at -> new Event.Told(e.what(), at));
        } else if (effect instanceof Effect.Finish e) {
            happens(at -> new Event.Ended(e.end(), at));
        } else if (effect instanceof Effect.Wake e) {
            happens(e.in(), Event.Woke::new);
        }
    }

    private void ends(Effect.Run run) {
        StepResult result = servers.tell(run.step().instance(), run.step().command());
        happens(at -> new Event.StepEnded(run, result, at));
    }

    @Test
    void itIsWaitedForAndPromoted() {
        run(Duration.ofSeconds(1));
        assertThat(state.memory().givenUp()).isNull();
        Effect.Run stop = Objects.requireNonNull(late);
        assertThat(stop.step().command()).isInstanceOf(InstanceCommand.StopReceiver.class);
        ends(stop);
        run(Duration.ofMinutes(1));
        assertThat(state.end()).isEqualTo(Effect.End.SUCCEEDED);
        assertThat(state.record().successor()).isEqualTo(key("r1"));
    }

    @Test
    void itIsNotWaitedForForEver() {
        run(Duration.ofMinutes(1));
        assertThat(state.memory().givenUp()).contains("r1:3306=its receiver has not stopped yet");
    }
}
