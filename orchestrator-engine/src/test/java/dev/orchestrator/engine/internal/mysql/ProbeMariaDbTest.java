package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProbeMariaDbTest extends ProbeContract {
    @RegisterExtension
    static final TopologyExtension TOPOLOGY =
            TopologyExtension.of(ReplicationTopology.primaryWithReplicas(1).on(ServerPackage.MARIADB_10_11));

    @Override
    TopologyExtension topology() {
        return TOPOLOGY;
    }
}
