package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ClusterAliases;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.spi.IntentStore;
import java.util.Map;

/** Aliases of clusters in the backend. */
final class StoredClusterAliases implements ClusterAliases {
    private final IntentStore store;
    private final AuditedOrders orders;

    StoredClusterAliases(IntentStore store, AuditedOrders orders) {
        this.store = store;
        this.orders = orders;
    }

    @Override
    public void set(ClusterId cluster, String alias, Actor by) {
        Cluster known = orders.fleet()
                .cluster(cluster)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNKNOWN_CLUSTER,
                        "an alias of cluster " + cluster.value() + " is refused: no such cluster is known"));
        if (alias.isBlank()) {
            throw AuditedOrders.invalid("an alias of " + known.name() + " is missing");
        }
        store.setClusterAlias(cluster, alias);
        orders.append("set-cluster-alias", null, known.name(), by, "alias " + alias);
    }

    @Override
    public Map<ClusterId, String> all() {
        return store.read().clusterAliases();
    }
}
