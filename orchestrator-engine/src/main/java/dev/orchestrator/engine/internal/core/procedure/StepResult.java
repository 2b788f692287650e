package dev.orchestrator.engine.internal.core.procedure;

/**
 * How a command to a server ended.
 *
 * @param kind what is known of it
 * @param words why it was not done, for people; empty when it was
 */
public record StepResult(Kind kind, String words) {
    /** What is known of a command that was sent. */
    public enum Kind {
        /** The server has done it. */
        DONE,
        /** A command that waits ran out of time without a failure. */
        NOT_YET,
        /** The server refused it, or failed to do it; it may have done a part. */
        FAILED,
        /** No answer: it may have been done, or be done later. Only a reading tells. */
        UNKNOWN
    }

    /** The server has done it. */
    public static final StepResult DONE = new StepResult(Kind.DONE, "");

    /** It waits still. */
    public static final StepResult NOT_YET = new StepResult(Kind.NOT_YET, "not done in time");

    /**
     * It failed.
     *
     * @param words why
     * @return the result
     */
    public static StepResult failed(String words) {
        return new StepResult(Kind.FAILED, words);
    }

    /**
     * No answer came.
     *
     * @param words what was seen
     * @return the result
     */
    public static StepResult unknown(String words) {
        return new StepResult(Kind.UNKNOWN, words);
    }

    /**
     * Whether it is known to be done.
     *
     * @return true only when the server said so
     */
    public boolean isDone() {
        return kind == Kind.DONE;
    }
}
