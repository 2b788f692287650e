package dev.orchestrator.simulation.node;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.Said;
import dev.orchestrator.engine.internal.core.decision.Stored;
import dev.orchestrator.engine.internal.core.recovery.ReadyRecovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks whether a failed server is to be recovered, by the engine's own gates and decision. Not thread-safe. */
final class RecoveryLook {
    private static final Duration READ = Duration.ofSeconds(1);

    private final SimulatedService node;
    private final RecoveryAttempt requested;
    // Set by the last look: what the backend said, so that it is asked once for each attempt.
    private @Nullable Said said;

    /** A requested with something that was found. */
    RecoveryLook(SimulatedService node, RecoveryAttempt requested) {
        this.node = node;
        this.requested = requested;
    }

    /** Who takes part, by the present snapshot; before the backend was asked, nobody is left alone. */
    private ReadyRecovery ready(RecoveryAttempt attempt, @Nullable Said known) {
        return ReadyRecovery.of(attempt, node.fleet(), known, node.config());
    }

    private List<InstanceKey> followers() {
        return ready(requested, null).terms().followers();
    }

    /** Told nothing when the backend did not answer; whole with the dry run, which is not due before the locks are held. */
    void first(boolean whole, Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        node.ask(
                (rows, now) ->
                        StoredRows.read(rows, now, Objects.requireNonNull(requested.finding()), requested.type()),
                answer -> told.accept(answer.map(stored -> prepare(stored, whole))));
    }

    private ChangeRun.Prepared<ReadyRecovery> prepare(Stored stored, boolean whole) {
        Said now = Said.of(stored, requested, node.fleet().canonical(requested.failed()), followers());
        said = now;
        ReadyRecovery ready = ready(requested, now);
        List<GateVerdict> gates = node.recoveries().gates(requested, now);
        Decision decision =
                whole ? ready.decide(gates, node.process().now().at()) : new Decision(requested.finding(), gates, null);
        return new ChangeRun.Prepared<>(decision, ready.terms().locks(), null);
    }

    /** On a fresh reading: what no longer holds is not acted on. */
    void again(Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        Said known = Objects.requireNonNull(said, "looked again before the first look");
        List<InstanceKey> anew = new ArrayList<>(followers());
        anew.add(requested.failed());
        node.refresh(anew, READ, () -> {
            Fleet fleet = node.fleet();
            RecoveryAttempt attempt = requested.with(node.detecting().examine(fleet.canonical(requested.failed())));
            ReadyRecovery ready = ready(attempt, known);
            Decision decision = ready.decide(
                    node.recoveries().gates(attempt, known),
                    node.process().now().at());
            told.accept(
                    Optional.of(new ChangeRun.Prepared<>(decision, ready.terms().locks(), ready)));
        });
    }
}
