package dev.orchestrator.api.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A replication topology as a whole.
 *
 * @param id its lasting identity
 * @param name what the predecessor calls it: the key of its primary, as text
 * @param alias the name people use; equal to {@code name} when there is no better one
 * @param domain its domain name, empty when unknown
 * @param primary its primary, null while there is none or more than one
 */
public record Cluster(
        ClusterId id,
        String name,
        String alias,
        String domain,
        @Nullable InstanceKey primary) {
    /** Checks what must be there. */
    public Cluster {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(alias, "alias");
        Objects.requireNonNull(domain, "domain");
    }
}
