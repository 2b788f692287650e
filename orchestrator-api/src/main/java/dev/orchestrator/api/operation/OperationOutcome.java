package dev.orchestrator.api.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.ServerResult.Ending;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of an operator's order.
 *
 * @param operation the order
 * @param decision the gates it went through, and the plan if they let it through
 * @param results what was done to each server, the ones it is about first; empty when nothing was begun
 * @param steps what was done, in order; empty when nothing was
 * @param failure why it did not reach its aim though it was begun, null when it did or was not begun
 * @param recovery the record of a takeover, null for all else
 * @param notes what could not be done after it had ended, which changes nothing about how it ended
 */
public record OperationOutcome(
        Operation operation,
        Decision decision,
        List<ServerResult> results,
        List<RecoveryStepRecord> steps,
        @Nullable String failure,
        @Nullable RecoveryRecord recovery,
        List<String> notes) {
    /** Copies the lists. */
    public OperationOutcome {
        results = List.copyOf(results);
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /**
     * An order that was refused; nothing was changed.
     *
     * @param operation the order
     * @param decision the decision with the refusal
     */
    public static OperationOutcome refused(Operation operation, Decision decision) {
        return new OperationOutcome(operation, decision, List.of(), List.of(), null, null, List.of());
    }

    /**
     * The same outcome with something that could not be done afterwards.
     *
     * @param note for people; nothing is noted when it is empty
     */
    public OperationOutcome noting(String note) {
        if (note.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(notes);
        all.add(note);
        return new OperationOutcome(operation, decision, results, steps, failure, recovery, all);
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
     * Whether the order was carried out.
     *
     * @return true when it was
     */
    public boolean succeeded() {
        return failure == null && refusal().isEmpty();
    }

    /**
     * The server it is about.
     *
     * @return as it was ordered
     */
    public InstanceKey server() {
        return operation.server();
    }

    /**
     * What the server it is about replicates from now.
     *
     * @return by its last reading; null for nobody, or when nothing was begun
     */
    public @Nullable InstanceKey source() {
        return results.isEmpty() ? null : results.get(0).source();
    }

    /**
     * Why the order was not carried out, for people; with what became of each server when there are several, or when one
     * was changed, or may have been.
     *
     * @return empty text when it was
     */
    public String problem() {
        if (failure != null) {
            return "cannot " + operation.describe() + ": " + failure + each();
        }
        return refusal()
                .map(v -> "will not " + operation.describe() + ": " + v.facts())
                .orElse("");
    }

    private String each() {
        boolean changed = results.stream()
                .anyMatch(r -> r.ending() == Ending.UNKNOWN || !r.done().isEmpty());
        return results.size() < 2 && !changed
                ? ""
                : results.stream().map(ServerResult::describe).collect(Collectors.joining("; ", " [", "]"));
    }
}
