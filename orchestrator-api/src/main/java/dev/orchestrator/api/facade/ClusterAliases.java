package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ClusterId;
import java.util.Map;

/** The aliases that operators gave to clusters. Thread-safe; all methods ask the backend. */
public interface ClusterAliases {
    /**
     * Gives a cluster an alias that overrides all others.
     *
     * @param cluster a known cluster
     * @param alias the alias; must say something
     * @param by who
     * @throws OrchestratorException with {@code UNKNOWN_CLUSTER} when no such cluster is known, with
     *     {@code INVALID_INPUT} when the alias says nothing; nothing has changed then
     */
    void set(ClusterId cluster, String alias, Actor by);

    /**
     * The aliases given.
     *
     * @return by cluster
     */
    Map<ClusterId, String> all();
}
