package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A primary (0) with three replicas (1, 2, 3), the second of which feeds one more (4). */
@RealServers
class RealCompoundFailureTest extends RecoveryOnRealServers {
    private static final String FROM = "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=%d,"
            + " SOURCE_USER='repl', SOURCE_PASSWORD='repl', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1"
            + " FOR CHANNEL '%s'";

    RealCompoundFailureTest() {
        super(
                TopologyExtension.of(ReplicationTopology.tree(ReplicationTopology.NO_SOURCE, 0, 0, 0, 2)),
                c -> c.primaryRecoveryFilters(List.of("*")).pollInterval(Duration.ofSeconds(1)));
    }

    private static List<String> sources(DatabaseServer replica) {
        return replica.query("SHOW REPLICA STATUS").stream()
                .map((Map<String, String> s) -> s.get("Source_Port") + " " + s.get("Replica_IO_Running"))
                .sorted()
                .toList();
    }

    private String cluster(DatabaseServer server) {
        return engine.fleet().member(server.key()).map(m -> m.cluster().value()).orElse("");
    }

    @Test
    void theReplicasOfAnIntermediateSourceThatDiesWithThePrimaryEndBelowTheNewOne() {
        topology.server(2).kill9();
        topology.primary().kill9();
        RecoveryRecord record = awaitRecovery();

        DatabaseServer promoted = successor(record);
        assertThat(promoted).isIn(topology.server(1), topology.server(3));
        assertThat(sources(topology.server(4))).containsExactly(promoted.port() + " Yes");
        assertThat(record.participants()).contains(topology.server(4).key());
        promoted.execute("CREATE TABLE testkit.after_it (id INT PRIMARY KEY)");
        topology.server(4).awaitExecuted(promoted.executedGtids(), PATIENCE);
    }

    @Test
    void ofTwoChannelsOnlyTheOneFromTheDeadPrimaryIsMoved() {
        DatabaseServer aggregator = topology.server(3);
        try (DatabaseServer other = DatabaseServer.start(ServerPackage.MYSQL_8_0)) {
            aggregator.execute(
                    "STOP REPLICA",
                    "RESET REPLICA ALL",
                    FROM.formatted(other.port(), "a"),
                    FROM.formatted(topology.primary().port(), "b"),
                    "START REPLICA");
            await().atMost(PATIENCE)
                    .until(() -> engine.fleet().replicasOf(topology.primary().key()).stream()
                            .filter(r -> r.key().equals(aggregator.key()))
                            .flatMap(r -> r.facts().stream())
                            .anyMatch(f -> f.channels().size() == 2
                                    && f.channels().stream().allMatch(c -> c.isReplicating())));
            // The aggregator is drawn below the other one: they are a cluster of their own.
            await().atMost(PATIENCE)
                    .until(() -> !cluster(other).isEmpty() && !cluster(other).equals(cluster(topology.primary())));
            topology.primary().kill9();
            RecoveryRecord record = awaitRecovery();

            DatabaseServer promoted = successor(record);
            assertThat(promoted).isNotEqualTo(aggregator);
            assertThat(sources(aggregator)).containsExactlyInAnyOrder(other.port() + " Yes", promoted.port() + " Yes");
            assertThat(record.participants()).contains(aggregator.key());
        }
    }
}
