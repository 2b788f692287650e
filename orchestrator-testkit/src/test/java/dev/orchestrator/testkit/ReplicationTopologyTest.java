package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.testkit.server.TestkitException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@RealServers
class ReplicationTopologyTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void replicasOfAStarFollowThePrimaryAndAreReadOnly() {
        try (ReplicationTopology topology =
                ReplicationTopology.primaryWithReplicas(3).start()) {
            writeARow(topology.primary());
            topology.awaitReplication(LIMIT);

            assertThat(topology.replicas()).hasSize(3).allSatisfy(replica -> {
                assertThat(replica.queryValue("SELECT id FROM testkit.t")).isEqualTo("7");
                assertThat(replica.queryValue("SELECT @@super_read_only")).isEqualTo("1");
                assertThat(sourcePortOf(replica)).isEqualTo(topology.primary().port());
                assertThat(replica.queryValue("SELECT @@replica_net_timeout")).isEqualTo("60");
            });
        }
    }

    @Test
    void serversOfAChainFollowTheOneBeforeThem() {
        try (ReplicationTopology topology = ReplicationTopology.chain(3)
                .server(2, options -> options.replicaNetTimeout(Duration.ofSeconds(4)))
                .start()) {
            writeARow(topology.primary());
            topology.awaitReplication(LIMIT);

            assertThat(sourcePortOf(topology.server(1)))
                    .isEqualTo(topology.server(0).port());
            assertThat(sourcePortOf(topology.server(2)))
                    .isEqualTo(topology.server(1).port());
            assertThat(topology.server(2).queryValue("SELECT id FROM testkit.t"))
                    .isEqualTo("7");
            assertThat(topology.server(2).queryValue("SELECT @@replica_net_timeout"))
                    .isEqualTo("4");
        }
    }

    @Test
    void coPrimariesFollowEachOther() {
        try (ReplicationTopology topology = ReplicationTopology.coPrimaries(0).start()) {
            DatabaseServer first = topology.server(0);
            DatabaseServer second = topology.server(1);
            assertThat(sourcePortOf(first)).isEqualTo(second.port());
            assertThat(sourcePortOf(second)).isEqualTo(first.port());

            second.execute("SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
            writeARow(second);
            first.awaitExecuted(second.executedGtids(), LIMIT);
            assertThat(first.queryValue("SELECT id FROM testkit.t")).isEqualTo("7");
        }
    }

    @Test
    void replicatesByFileAndPositionWhenGtidsAreOff() {
        try (ReplicationTopology topology = ReplicationTopology.primaryWithReplicas(1)
                .options(options -> options.gtid(false))
                .start()) {
            writeARow(topology.primary());
            topology.awaitReplication(LIMIT);

            assertThat(topology.server(1).queryValue("SELECT id FROM testkit.t"))
                    .isEqualTo("7");
            assertThat(topology.server(1).executedGtids()).isEmpty();
        }
    }

    @Test
    void aReplicaThatCannotFollowIsNamedWithItsError() {
        try (ReplicationTopology topology =
                ReplicationTopology.primaryWithReplicas(1).start()) {
            DatabaseServer replica = topology.server(1);
            replica.execute("STOP REPLICA");
            writeARow(topology.primary());

            assertThatThrownBy(() -> topology.awaitReplication(Duration.ofMillis(200)))
                    .isInstanceOf(TestkitException.class)
                    .hasMessageContaining(replica.address())
                    .hasMessageContaining("applier No");
        }
    }

    @Test
    void refusesAServerThatReplicatesFromItself() {
        assertThatThrownBy(() -> ReplicationTopology.tree(ReplicationTopology.NO_SOURCE, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("server 1");
    }

    private static void writeARow(DatabaseServer server) {
        server.execute("CREATE TABLE testkit.t (id INT PRIMARY KEY)", "INSERT INTO testkit.t VALUES (7)");
    }

    private static int sourcePortOf(DatabaseServer server) {
        return Integer.parseInt(String.valueOf(server.replicaStatus().get("Source_Port")));
    }
}
