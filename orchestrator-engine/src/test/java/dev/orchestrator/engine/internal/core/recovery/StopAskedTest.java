package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Event.Saving;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.simulation.SimulatedFleet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A switchover while the name of the successor is on its way to the backend: whoever wants it stopped is heard. */
class StopAskedTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MOST_TURNS = 2000;
    private static final ChannelSettings SETTINGS =
            new ChannelSettings(Optional.of(new Credentials("repl", "secret")), ChannelOptions.PLAIN);

    private final Procedure procedure = Procedures.switchover(SETTINGS, true);
    private final SimulatedFleet servers = new SimulatedFleet(fleet());
    private final Queue<Effect.Save> unanswered = new ArrayDeque<>();
    private State state = begin();
    private boolean answers;

    private static Fleet fleet() {
        String all = MemberBuilder.uuid("p") + ":1-10";
        FleetBuilder fleet =
                new FleetBuilder(START).primary("p").replica("r1", "p").replica("r2", "p");
        return fleet.with(m -> m.executed(all), "p", "r1", "r2")
                .with(m -> m.retrieved(all), "r1", "r2")
                .build();
    }

    private State begin() {
        Fleet fleet = servers.fleet();
        OrchestratorConfig config = OrchestratorConfig.builder().build();
        Terms terms = RecoveryScope.of(fleet, key("p"), Map.of(), Map.of(), key("r1"), false, config);
        RecoveryRecord record = RecoveryRecord.builder(
                        "uid",
                        FleetBuilder.CLUSTER,
                        AnalysisCode.NO_PROBLEM,
                        key("p"),
                        new Actor("ann", Origin.CLI, "n"),
                        START)
                .failedUuid(MemberBuilder.uuid("p"))
                .replicas(terms.replicas())
                .before(terms.before().servers())
                .build();
        return State.begin(terms, fleet, record, new Moment(START, 1));
    }

    private Moment later(Duration by) {
        return new Moment(state.now().at().plus(by), state.now().nanos() + by.toNanos());
    }

    private void happens(Function<Moment, Event> event) {
        state = state.fold(event.apply(later(Duration.ofMillis(1))));
    }

    /** Runs until it has ended or only waits for the backend. */
    private void run() {
        for (int turn = 0; turn < MOST_TURNS && state.end() == null; turn++) {
            List<Effect> wanted = Effect.decisionFirst(procedure.next(state));
            if (wanted.isEmpty()) {
                assertThat(unanswered).isNotEmpty();
                return;
            }
            wanted.forEach(this::carryOut);
        }
        assertThat(state.end()).as(procedure.phase(state)).isNotNull();
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Decide e) {
            happens(at -> new Event.Decided(e.fact(), at));
        } else if (effect instanceof Effect.Run e) {
            happens(at -> new Event.StepBegun(e, at));
            StepResult result = servers.tell(e.step().instance(), e.step().command());
            happens(at -> new Event.StepEnded(e, result, at));
        } else if (effect instanceof Effect.Read e) {
            happens(at -> new Event.ReadBegun(e.server(), at));
            FleetMember member = servers.fleet().member(e.server()).orElseThrow();
            long begun = state.now().nanos();
            happens(at -> new Event.ReadEnded(e.server(), member, begun, at));
        } else if (effect instanceof Effect.Save e) {
            happens(at -> new Event.SaveBegun(e.version(), at));
            unanswered.add(e);
            if (answers) {
                answer(Saving.WRITTEN);
            }
        } else if (effect instanceof Effect.Tell e) {
            happens(at -> new Event.Told(e.what(), at));
        } else if (effect instanceof Effect.Finish e) {
            happens(at -> new Event.Ended(e.end(), at));
        } else if (effect instanceof Effect.Wake e) {
            state = state.fold(new Event.Woke(later(e.in())));
        }
    }

    private void answer(Saving outcome) {
        int version = unanswered.remove().version();
        happens(at -> new Event.SaveEnded(version, outcome, "scripted", at));
    }

    private CancelOutcome stop() {
        happens(at -> new Event.StopAsked("it was cancelled", at));
        return procedure.whenStopped(state);
    }

    private boolean isWritable(String name) {
        return servers.fleet().instance(key(name)).map(Instance::isWritable).orElseThrow();
    }

    @Test
    void stopsTheReceiverOfTheSuccessorMeanwhile() {
        run();
        assertThat(procedure.phase(state)).isEqualTo(PhaseNames.FENCE);
        assertThat(servers.fleet().instance(key("r1")).orElseThrow().channels())
                .extracting(ReplicationChannel::receiver)
                .containsExactly(ReplicationThreadState.STOPPED);
        assertThat(state.servers().isProven(key("r1"))).isTrue();
    }

    @Test
    void goesBackAsLongAsTheBackendHasNotConfirmedTheName() {
        run();
        assertThat(procedure.phase(state)).isEqualTo(PhaseNames.FENCE);
        assertThat(isWritable("p")).isFalse();
        assertThat(stop()).isEqualTo(CancelOutcome.ROLLS_BACK);
        run();
        assertThat(isWritable("p")).as("while the name may be in the backend").isFalse();
        answer(Saving.WRITTEN);
        run();
        assertThat(unanswered.element().record().successor())
                .as("what is written over it")
                .isNull();
        assertThat(isWritable("p")).isFalse();
        answers = true;
        answer(Saving.WRITTEN);
        run();
        assertThat(state.end()).isEqualTo(Effect.End.GIVEN_UP);
        assertThat(state.memory().givenUp()).isEqualTo("it was cancelled");
        assertThat(isWritable("p")).isTrue();
        assertThat(isWritable("r1")).isFalse();
    }

    @Test
    void goesBackWhileTheNameIsWrittenAgainAfterAnUnknownOutcome() {
        run();
        answer(Saving.UNKNOWN);
        run();
        assertThat(stop()).isEqualTo(CancelOutcome.ROLLS_BACK);
        answers = true;
        answer(Saving.UNKNOWN);
        run();
        assertThat(state.end()).isEqualTo(Effect.End.GIVEN_UP);
        assertThat(isWritable("p")).isTrue();
    }

    @Test
    void goesOnToTheEndOnceTheBackendHasTheName() {
        run();
        answer(Saving.WRITTEN);
        answers = true;
        assertThat(stop()).isEqualTo(CancelOutcome.FINISHES);
        run();
        assertThat(state.end()).isEqualTo(Effect.End.SUCCEEDED);
        assertThat(isWritable("p")).isFalse();
        assertThat(isWritable("r1")).isTrue();
    }

    @Test
    void goesOnWithWhatAVanishedNodeNamedThoughTheBackendDoesNotAnswer() {
        RecoveryRecord left = state.record().toBuilder().successor(key("r1")).build();
        Terms terms = RecoveryScope.resumed(
                servers.fleet(),
                key("p"),
                left.replicas(),
                state.terms().before(),
                Map.of(),
                Map.of(),
                key("r1"),
                OrchestratorConfig.builder().build());
        state = State.resumed(terms, servers.fleet(), left, later(Duration.ofSeconds(1)));
        run();
        assertThat(stop()).isEqualTo(CancelOutcome.FINISHES);
    }
}
