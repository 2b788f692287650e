package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.plan.PlanStep;
import org.jspecify.annotations.Nullable;

/**
 * What came of a step.
 *
 * @param step the step
 * @param done whether the server carried it out; false with no error for a wait that ran out of time
 * @param error why it failed, null when it did not
 */
public record StepResult(
        PlanStep step, boolean done, @Nullable OrchestratorException error) {
    boolean failed() {
        return error != null;
    }

    boolean failedWith(ErrorCode code) {
        return error != null && error.code() == code;
    }

    /** Whether the server may have carried it out although we were not told so. */
    boolean uncertain() {
        return failedWith(ErrorCode.INSTANCE_UNREACHABLE) || failedWith(ErrorCode.TIMEOUT);
    }

    /**
     * What came of it, for people.
     *
     * @return the error, or whether it was done
     */
    public String inWords() {
        if (error != null) {
            return error.getMessage() == null ? error.code().name() : error.getMessage();
        }
        return done ? "done" : "not within its time";
    }
}
