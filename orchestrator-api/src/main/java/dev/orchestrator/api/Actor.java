package dev.orchestrator.api;

import java.util.Objects;

/**
 * Who ordered something, and through which origin. Every operation, lock and audit row carries one.
 *
 * @param who an operator's or program's name; never empty
 * @param origin how the order came
 * @param node the node that received it
 */
public record Actor(String who, Origin origin, String node) {
    /** Checks that somebody is named. */
    public Actor {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(node, "node");
        if (who.isBlank()) {
            throw new IllegalArgumentException("an actor must have a name (origin " + origin + ", node " + node + ")");
        }
    }

    @Override
    public String toString() {
        return who + " (" + origin.name().toLowerCase(java.util.Locale.ROOT) + "@" + node + ")";
    }
}
