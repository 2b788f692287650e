package dev.orchestrator.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The root of all failures. The message says what was attempted, on what, why it failed and what to do. */
public class OrchestratorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /**
     * Makes one without a cause.
     *
     * @param code the stable name of what went wrong
     * @param message for people; without secrets
     */
    public OrchestratorException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /**
     * Makes one.
     *
     * @param code the stable name of what went wrong
     * @param message for people; without secrets
     * @param cause what led here, null for nothing
     */
    public OrchestratorException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /**
     * What went wrong.
     *
     * @return the stable name
     */
    public ErrorCode code() {
        return code;
    }
}
