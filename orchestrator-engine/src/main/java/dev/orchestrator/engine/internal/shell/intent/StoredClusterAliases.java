package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.facade.ClusterAliases;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.engine.internal.core.intent.OrderChecks;
import dev.orchestrator.spi.IntentStore;
import java.util.Map;

/** Aliases of clusters in the backend. */
record StoredClusterAliases(IntentStore store, AuditedOrders orders) implements ClusterAliases {
    @Override
    public void set(ClusterId cluster, String alias, Actor by) {
        Cluster known = OrderChecks.alias(orders.snapshot(), cluster, alias);
        store.setClusterAlias(cluster, alias);
        orders.append("set-cluster-alias", null, known.name(), by, "alias " + alias);
    }

    @Override
    public Map<ClusterId, String> all() {
        return store.read().clusterAliases();
    }
}
