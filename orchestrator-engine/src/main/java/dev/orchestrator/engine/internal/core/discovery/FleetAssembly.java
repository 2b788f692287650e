package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.topology.FleetAssembler;
import java.util.Collection;
import java.util.Map;

/**
 * Makes a fleet of members: finds keys that lead to the same server, puts members into clusters and computes what only
 * the whole shows (errant GTIDs). Called by one thread at a time.
 */
public interface FleetAssembly {
    /**
     * Assembles a fleet.
     *
     * @param previous the fleet before, whose clusters live on where they can
     * @param members the servers in the order they became known; a new one is in {@link FleetAssembler#UNASSIGNED}
     * @param otherNames further keys that lead to a member, and that member's key
     * @return the fleet; a key that turned out to be another name of a member is in its other names and no member
     */
    Fleet assemble(Fleet previous, Collection<FleetMember> members, Map<InstanceKey, InstanceKey> otherNames);

    /**
     * The fleet after polls that changed nothing clusters are made of.
     *
     * @param previous the fleet before
     * @param changed the members that were polled
     * @return the fleet; errant GTIDs of the members and of their replicas are as they are now
     */
    Fleet update(Fleet previous, Collection<FleetMember> changed);
}
