package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Pools;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.PoolStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** Pools in the backend. */
final class StoredPools implements Pools {
    private static final int LONGEST_NAME = 128;

    private final PoolStore store;
    private final AuditedOrders orders;
    private final Duration expiry;

    StoredPools(PoolStore store, AuditedOrders orders, Duration expiry) {
        this.store = store;
        this.orders = orders;
        this.expiry = expiry;
    }

    @Override
    public void submit(String pool, Collection<InstanceKey> members, Actor by) {
        if (pool.isBlank() || pool.length() > LONGEST_NAME) {
            throw AuditedOrders.invalid(
                    "the name of a pool must say something and have at most " + LONGEST_NAME + " characters");
        }
        store.replace(pool, members);
        orders.append("submit-pool-instances", null, "", by, "pool " + pool + ": " + members);
    }

    @Override
    public SortedMap<String, List<InstanceKey>> current() {
        return store.pools(expiry);
    }
}
