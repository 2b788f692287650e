package dev.orchestrator.engine.internal.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the driver cannot read of a server's answer hides nothing else. */
@RealServers
class UnreadPartsTest {
    @RegisterExtension
    final TopologyExtension topology =
            TopologyExtension.of(ReplicationTopology.primaryWithReplicas(1).on(ServerPackage.MYSQL_5_7));

    /** As clients that capture changes do; SHOW SLAVE HOSTS of 5.7 sends a row without its last column then. */
    @Test
    void aClientThatRegisteredWithoutAServerUuidHidesNothingElse() throws Exception {
        DatabaseServer primary = topology.primary();
        try (Connection client = primary.connect();
                MySqlInstanceGateway gateway = Gateways.open()) {
            Registration.of(client, 4711);
            for (int poll = 0; poll < 3; poll++) {
                Instance seen = Gateways.see(gateway, primary);
                assertThat(seen.isWritable()).isTrue();
                assertThat(seen.replicas()).isNotEmpty();
                assertThat(seen.limitations())
                        .singleElement()
                        .asString()
                        .contains("its answer about registered replicas cannot be read")
                        .contains("without a server_uuid");
            }
        }
    }
}
