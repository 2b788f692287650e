package dev.orchestrator.engine.internal.core.procedure;

import org.jspecify.annotations.Nullable;

/**
 * What has become of a step so far.
 *
 * @param firstBegun the ticker reading at which it was first sent
 * @param attempts how often it was sent
 * @param inFlight whether an answer is awaited
 * @param last how it ended last, null while the first attempt is in flight
 * @param lastEnded the ticker reading of that
 */
public record StepState(
        long firstBegun,
        int attempts,
        boolean inFlight,
        @Nullable StepResult last,
        long lastEnded) {
    StepState begunAgain() {
        return new StepState(firstBegun, attempts + 1, true, last, lastEnded);
    }

    StepState ended(StepResult result, long nanos) {
        return new StepState(firstBegun, attempts, false, result, nanos);
    }

    /**
     * Whether the last attempt ended with this.
     *
     * @param kind the kind of end
     * @return false while it is in flight
     */
    public boolean endedWith(StepResult.Kind kind) {
        return !inFlight && last != null && last.kind() == kind;
    }

    /**
     * Whether the server has done it.
     *
     * @return false while it is in flight
     */
    public boolean isDone() {
        return endedWith(StepResult.Kind.DONE);
    }

    /**
     * Why it was not done, as far as it has ended.
     *
     * @return empty text when it was done or has not ended
     */
    public String words() {
        return last == null ? "" : last.words();
    }
}
