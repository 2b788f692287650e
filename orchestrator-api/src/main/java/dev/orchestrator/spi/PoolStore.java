package dev.orchestrator.spi;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** Pools: named sets of instances that somebody else keeps, such as a load balancer's, and submits again and again. */
public interface PoolStore {
    /**
     * Replaces the members of a pool.
     *
     * @param pool its name, at most 128 characters
     * @param members all its members from now on; none ends the pool
     */
    void replace(String pool, Collection<InstanceKey> members);

    /**
     * The pools that were submitted lately.
     *
     * @param within how lately
     * @return their members by name of the pool, both in order
     */
    SortedMap<String, List<InstanceKey>> pools(Duration within);

    /**
     * Removes what was submitted long ago.
     *
     * @param age how long
     * @return how many memberships
     */
    int purge(Duration age);
}
