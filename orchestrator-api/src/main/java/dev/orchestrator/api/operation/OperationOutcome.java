package dev.orchestrator.api.operation;

import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of an operator's wish.
 *
 * @param operation the wish
 * @param decision the gates it went through, and the plan if they let it through
 * @param steps what was done, in order; empty when nothing was
 * @param failure why it did not reach its aim though it was begun, null when it did or was not begun
 * @param recovery the record of a takeover, null for all else
 */
public record OperationOutcome(
        Operation operation,
        Decision decision,
        List<RecoveryStepRecord> steps,
        @Nullable String failure,
        @Nullable RecoveryRecord recovery) {
    /** Copies the steps. */
    public OperationOutcome {
        steps = List.copyOf(steps);
    }

    /**
     * A wish that was refused; nothing was changed.
     *
     * @param operation the wish
     * @param decision the decision with the refusal
     * @return the outcome
     */
    public static OperationOutcome refused(Operation operation, Decision decision) {
        return new OperationOutcome(operation, decision, List.of(), null, null);
    }

    /**
     * Why nothing was begun.
     *
     * @return empty when something was
     */
    public Optional<GateVerdict> refusal() {
        return decision.refusal();
    }

    /**
     * Whether the wish was fulfilled.
     *
     * @return true when it was
     */
    public boolean succeeded() {
        return failure == null && refusal().isEmpty();
    }

    /**
     * Why the wish was not fulfilled, for people.
     *
     * @return empty text when it was
     */
    public String problem() {
        if (failure != null) {
            return "cannot " + operation + ": " + failure;
        }
        return refusal().map(v -> "will not " + operation + ": " + v.facts()).orElse("");
    }
}
