package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.BackendEndpoint;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cluster that the backend lives in. Told by the identity of the backend's server: under which name the backend is
 * configured does not matter.
 *
 * @param cluster its id
 * @param server the backend's server, by the name the fleet knows it by
 * @param others the other members
 */
public record SelfHostedBackendCluster(ClusterId cluster, InstanceKey server, Set<InstanceKey> others) {
    /** Copies the set. */
    public SelfHostedBackendCluster {
        others = Set.copyOf(others);
    }

    /**
     * Finds it.
     *
     * @param fleet the watched servers
     * @param seat where the backend is
     * @return empty when the backend's server is not watched
     */
    public static Optional<SelfHostedBackendCluster> find(Fleet fleet, BackendEndpoint seat) {
        Optional<FleetMember> server =
                seat.serverUuid().isEmpty() ? fleet.member(seat.address()) : fleet.memberByUuid(seat.serverUuid());
        return server.map(own -> {
            Set<InstanceKey> others = new TreeSet<>();
            fleet.membersOf(own.cluster()).forEach(m -> others.add(m.key()));
            others.remove(own.key());
            return new SelfHostedBackendCluster(own.cluster(), own.key(), others);
        });
    }
}
