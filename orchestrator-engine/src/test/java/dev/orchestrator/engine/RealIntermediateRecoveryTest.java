package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A primary (0) with two replicas (1, 2), the first of which feeds two more (3, 4). */
@RealServers
class RealIntermediateRecoveryTest extends RecoveryOnRealServers {
    RealIntermediateRecoveryTest() {
        super(
                TopologyExtension.of(ReplicationTopology.tree(ReplicationTopology.NO_SOURCE, 0, 0, 1, 1)),
                c -> c.intermediateRecoveryFilters(List.of("*")));
    }

    private static String sourcePort(DatabaseServer replica) {
        Map<String, String> status = replica.query("SHOW REPLICA STATUS").get(0);
        return status.get("Source_Port") + " " + status.get("Replica_IO_Running");
    }

    private void assertFollows(int replica, int source) {
        DatabaseServer feeding = topology.server(source);
        assertThat(sourcePort(topology.server(replica))).isEqualTo(feeding.port() + " Yes");
        topology.server(replica).awaitExecuted(feeding.executedGtids(), PATIENCE);
    }

    @Test
    void theReplicasOfADeadIntermediateSourceAreMovedBelowThePrimary() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(50, PATIENCE);
            topology.server(1).kill9();
            awaitRecovery();
            writer.awaitAcknowledged(writer.acknowledged().size() + 50, PATIENCE);
        }
        RecoveryRecord record = newest();

        assertThat(record.failed()).isEqualTo(topology.server(1).key());
        assertThat(record.successor()).isEqualTo(topology.primary().key());
        assertFollows(3, 0);
        assertFollows(4, 0);
        assertThat(topology.server(3).queryValue("SELECT @@global.super_read_only"))
                .as("nobody is promoted")
                .isEqualTo("1");
        assertThat(backend.fences().standing()).isEmpty();
    }

    @Test
    void aPersonMaySayWhoFeedsThem() {
        engine.close();
        topology.server(1).kill9();
        try (OrchestratorEngine byHand = engine(c -> c)) {
            RecoveryRequest request = new RecoveryRequest(
                    topology.server(1).key(), topology.server(2).key(), TESTER);
            RecoveryRecord record = byHand.recover(request).recovery();

            assertThat(record).isNotNull().matches(RecoveryRecord::successful);
            assertFollows(3, 2);
            assertFollows(4, 2);
        }
    }
}
