package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import org.junit.jupiter.api.extension.RegisterExtension;

class CommandMySql9Test extends CommandContract {
    @RegisterExtension
    static final TopologyExtension TOPOLOGY =
            TopologyExtension.of(ReplicationTopology.primaryWithReplicas(2).on(ServerPackage.MYSQL_9));

    @Override
    TopologyExtension topology() {
        return TOPOLOGY;
    }
}
