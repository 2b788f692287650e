package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.plan.Decision;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change that was decided on a fresh snapshot.
 *
 * @param decision the gates it went through, and the plan if they let it through
 * @param locks what is to be locked, and how
 * @param run carries it out; null when it was refused or is only asked about
 * @param <R> what the run is told
 */
public record Prepared<R>(
        Decision decision, LockRequest locks, @Nullable R run) {

    /**
     * A change that may not be made.
     *
     * @param decision why not
     * @param <R> any
     * @return the refusal
     */
    public static <R> Prepared<R> refused(Decision decision) {
        return new Prepared<>(decision, LockRequest.of(List.of(), List.of()), null);
    }

    /**
     * Whether nothing stands in the way so far.
     *
     * @return false when a gate refused
     */
    public boolean isAllowed() {
        return decision.refusal().isEmpty();
    }

    /**
     * What the run is told.
     *
     * @return what was prepared
     */
    public R what() {
        return Objects.requireNonNull(run, "nothing was prepared");
    }
}
