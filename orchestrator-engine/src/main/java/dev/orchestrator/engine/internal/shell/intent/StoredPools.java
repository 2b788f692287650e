package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.facade.Pools;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.intent.OrderChecks;
import dev.orchestrator.spi.PoolStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** Pools in the backend. */
record StoredPools(PoolStore store, AuditedOrders orders, Duration expiry) implements Pools {
    @Override
    public void submit(String pool, Collection<InstanceKey> members, Actor by) {
        OrderChecks.pool(pool);
        store.replace(pool, members);
        orders.append("submit-pool-instances", null, "", by, "pool " + pool + ": " + members);
    }

    @Override
    public SortedMap<String, List<InstanceKey>> current() {
        return store.pools(expiry);
    }
}
