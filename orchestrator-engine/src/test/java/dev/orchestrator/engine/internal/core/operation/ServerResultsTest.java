package dev.orchestrator.engine.internal.core.operation;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.operation.MoveOperation.Relocate;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.ReplicationOperation.StopReplica;
import dev.orchestrator.api.operation.ServerResult;
import dev.orchestrator.api.operation.ServerResult.Ending;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.simulation.DryRun;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of each server when an operation has ended. */
class ServerResultsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Fleet fleet = new FleetBuilder(NOW)
            .primary("p")
            .replica("r1", "p")
            .replica("r2", "p")
            .build();

    private State begin(Operation operation) {
        PlannedOperation.Work work = work(operation);
        return State.begin(work.terms(), fleet, null, new Moment(NOW, 0));
    }

    private PlannedOperation.Work work(Operation operation) {
        return requireNonNull(
                Proposed.of(fleet, operation, List.of()).proposal().work());
    }

    private ServerResult carriedOut(Operation operation) {
        State end = DryRun.of(work(operation).procedure(), begin(operation)).state();
        List<ServerResult> results = ServerResults.of(end);
        assertThat(results).hasSize(1);
        return results.get(0);
    }

    private Effect.Run firstCommand(Operation operation, State state) {
        return work(operation).procedure().next(state).stream()
                .filter(Effect.Run.class::isInstance)
                .map(Effect.Run.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Moment at(long millis) {
        return new Moment(NOW.plusMillis(millis), millis * 1_000_000);
    }

    @Test
    void aServerThatWasChangedSaysWhatItWasToldAndItsSource() {
        ServerResult moved = carriedOut(new Relocate(key("r2"), key("r1")));
        assertThat(moved)
                .isEqualTo(new ServerResult(
                        key("r2"),
                        Ending.DONE,
                        List.of("stop the receiver", "replicate from r1:3306", "start the receiver"),
                        "",
                        key("r1")));
        assertThat(moved.describe()).isEqualTo("r2:3306: done");
    }

    @Test
    void aServerThatWasAsWantedIsUnchanged() {
        ServerResult kept = carriedOut(new Relocate(key("r2"), key("p")));
        assertThat(kept.ending()).isEqualTo(Ending.UNCHANGED);
        assertThat(kept.done()).isEmpty();
        assertThat(kept.source()).isEqualTo(key("p"));
    }

    @Test
    void aServerThatRefusedItFailedAndSaysWhy() {
        Operation stop = new StopReplica(key("r1"));
        State state = begin(stop);
        Effect.Run run = firstCommand(stop, state);
        State end = state.fold(new Event.StepBegun(run, at(1)))
                .fold(new Event.StepEnded(run, StepResult.failed("access denied"), at(2)))
                .fold(new Event.ReadBegun(key("r1"), at(3)))
                .fold(new Event.ReadEnded(key("r1"), fleet.member(key("r1")).orElseThrow(), at(3).nanos(), at(4)))
                .fold(new Event.Decided(new Fact.GivenUp("stop replication: access denied"), at(5)))
                .fold(new Event.Ended(Effect.End.GIVEN_UP, at(6)));
        ServerResult result = ServerResults.of(end).get(0);
        assertThat(result.ending()).isEqualTo(Ending.FAILED);
        assertThat(result.describe()).isEqualTo("r1:3306: failed (stop replication: access denied)");
    }

    @Test
    void aServerThatDidNotAnswerIsUnknown() {
        Operation stop = new StopReplica(key("r1"));
        State state = begin(stop);
        Effect.Run run = firstCommand(stop, state);
        State begun = state.fold(new Event.StepBegun(run, at(1)));
        State silent = begun.fold(new Event.StepEnded(run, StepResult.unknown("connection lost"), at(2)));
        assertThat(ServerResults.of(begun).get(0).describe())
                .isEqualTo("r1:3306: unknown (stop replication: no answer yet)");
        ServerResult result = ServerResults.of(silent.fold(new Event.Ended(Effect.End.GIVEN_UP, at(3))))
                .get(0);
        assertThat(result.ending()).isEqualTo(Ending.UNKNOWN);
        assertThat(result.why()).contains("connection lost");
    }
}
