package dev.orchestrator.api.model;

import java.util.Objects;

/**
 * The lasting identity of a cluster. It survives failover and rename, unlike the predecessor's cluster name, which is
 * the key of the primary at the time.
 *
 * @param value an opaque, non-empty text of at most 64 characters
 */
public record ClusterId(String value) implements Comparable<ClusterId> {
    /** Checks the length. */
    public ClusterId {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty() || value.length() > 64) {
            throw new IllegalArgumentException("cluster id must have 1 to 64 characters: '" + value + "'");
        }
    }

    @Override
    public int compareTo(ClusterId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
