package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.InstanceKey;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** Named sets of instances that somebody else keeps, such as a load balancer's. Thread-safe; all methods ask the backend. */
public interface Pools {
    /**
     * Replaces the members of a pool.
     *
     * @param pool its name, at most 128 characters
     * @param members all its members from now on; none ends the pool
     * @param by who
     */
    void submit(String pool, Collection<InstanceKey> members, Actor by);

    /**
     * The pools submitted within the configured time.
     *
     * @return their members by name of the pool, both in order
     */
    SortedMap<String, List<InstanceKey>> current();
}
