package dev.orchestrator.api;

import java.util.Objects;

/**
 * Who ordered something, and through which door. Every operation, lock and audit row carries one.
 *
 * @param who a person's or program's name; never empty
 * @param door how the order came
 * @param node the node that received it
 */
public record Actor(String who, Door door, String node) {
    /** Checks that somebody is named. */
    public Actor {
        Objects.requireNonNull(door, "door");
        Objects.requireNonNull(node, "node");
        if (who.isBlank()) {
            throw new IllegalArgumentException("an actor must have a name (door " + door + ", node " + node + ")");
        }
    }

    @Override
    public String toString() {
        return who + " (" + door.name().toLowerCase(java.util.Locale.ROOT) + "@" + node + ")";
    }
}
