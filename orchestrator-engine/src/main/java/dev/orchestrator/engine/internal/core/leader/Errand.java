package dev.orchestrator.engine.internal.core.leader;

/**
 * What is being asked of the backend, one question after the other.
 *
 * @param kind for what
 * @param wants the question that is to be answered next
 */
public record Errand(Kind kind, LeaseEffect wants) {
    /** For what the backend is asked. */
    public enum Kind {
        /** To keep what is held, or to take what is free. */
        TURN,
        /** To lead whoever leads. */
        SEIZE,
        /** To end the present leadership. */
        VACATE
    }
}
