package dev.orchestrator.testkit.server;

import static java.util.Objects.requireNonNull;

/**
 * Whether a {@link ServerPackage} can be started here.
 *
 * @param state whether it is here, can be had, or cannot
 * @param explanation where it is, or why it is not here and what to do about it; one sentence for a skipped test
 */
public record Availability(State state, String explanation) {
    /** How far a server package is from being started. */
    public enum State {
        /** It can be started now. */
        FOUND,
        /** It is not here, but can be fetched. */
        FETCHABLE,
        /** It is not here and cannot be fetched by us. */
        UNAVAILABLE
    }

    /** Checks that nothing is null. */
    public Availability {
        requireNonNull(state, "state");
        requireNonNull(explanation, "explanation");
    }

    /** True when a server of this package can be started now. */
    public boolean isFound() {
        return state == State.FOUND;
    }
}
