package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;

/**
 * Where a server stands, for the audit trail: as far as that can be said while the backend is away, which a node that does
 * not lead has its picture from.
 *
 * @param server by the name it is known by
 * @param clusterName empty when it is not known
 */
public record Place(InstanceKey server, String clusterName) {
    /**
     * Looks.
     *
     * @param fleet the present picture
     * @param server as it was named
     * @return its place; the name as it was given when there is no picture
     */
    public static Place of(FleetView fleet, InstanceKey server) {
        Fleet now;
        try {
            now = fleet.current();
        } catch (OrchestratorException e) {
            return new Place(server, "");
        }
        InstanceKey known = now.canonical(server);
        return new Place(
                known,
                now.member(known)
                        .flatMap(m -> now.cluster(m.cluster()))
                        .map(Cluster::name)
                        .orElse(""));
    }
}
