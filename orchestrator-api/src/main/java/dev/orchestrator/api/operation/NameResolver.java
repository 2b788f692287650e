package dev.orchestrator.api.operation;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;

/** Finds what an operator names in an order: exactly, or not at all. */
public interface NameResolver {
    /**
     * A known instance.
     *
     * @param text its exact name, {@code host} or {@code host:port}
     * @throws IllegalArgumentException when the text is no name of an instance
     * @throws OrchestratorException when there is none of that name
     */
    InstanceKey instance(String text);

    /**
     * The primary of a known cluster.
     *
     * @param text the name or alias of the cluster, or the exact name of a member
     * @throws IllegalArgumentException when the text is no name
     * @throws OrchestratorException when there is no such cluster, or it has no primary, or more than one
     */
    InstanceKey primary(String text);
}
