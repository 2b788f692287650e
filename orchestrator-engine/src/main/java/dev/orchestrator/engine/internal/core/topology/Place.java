package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;

/**
 * Where a server stands, for the audit trail.
 *
 * @param server by the name it is known by
 * @param clusterName empty when it is not known
 */
public record Place(InstanceKey server, String clusterName) {
    /**
     * Looks.
     *
     * @param fleet the snapshot
     * @param server as it was named
     * @return its place
     */
    public static Place in(Fleet fleet, InstanceKey server) {
        InstanceKey known = fleet.canonical(server);
        return new Place(
                known,
                fleet.member(known)
                        .flatMap(m -> fleet.cluster(m.cluster()))
                        .map(Cluster::name)
                        .orElse(""));
    }
}
