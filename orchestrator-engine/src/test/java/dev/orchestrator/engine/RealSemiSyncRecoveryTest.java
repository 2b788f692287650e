package dev.orchestrator.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerPackage;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With semi-sync, nothing that was acknowledged to a client is lost, whoever holds it. */
@RealServers
class RealSemiSyncRecoveryTest extends RecoveryOnRealServers {

    RealSemiSyncRecoveryTest() {
        super(TopologyExtension.of(ReplicationTopology.primaryWithReplicas(3)
                .on(ServerPackage.MYSQL_9)
                .semiSync(SemiSync.lossless())));
    }

    @Test
    void everyAcknowledgedWriteSurvivesACrash() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(300, PATIENCE);
            topology.primary().kill9();
            RecoveryRecord record = awaitRecovery();
            DatabaseServer promoted = successor(record);
            assertThat(promoted.queryValue("SELECT @@rpl_semi_sync_source_enabled"))
                    .isEqualTo("1");
            writer.switchTo(promoted);
            writer.awaitAcknowledgedBy(promoted.key(), PATIENCE);
            assertThat(writer.missingOn(promoted)).isEmpty();
            assertThat(record.lostReplicas()).as("%s", record.errors()).isEmpty();
        }
    }

    @Test
    void whatOnlyAReplicaWithABlockedApplierAcknowledgedSurvivesACrash() throws Exception {
        DatabaseServer acker = topology.server(2);
        topology.primary().execute("CREATE DATABASE shop", "CREATE TABLE shop.acked (id INT PRIMARY KEY)");
        topology.topology().awaitReplication(PATIENCE);
        for (int other : List.of(1, 3)) {
            topology.server(other).execute("STOP REPLICA IO_THREAD");
        }
        try (Connection blocker = acker.connect();
                Statement lock = blocker.createStatement()) {
            lock.execute("LOCK TABLES shop.acked READ");
            // Returns only because the blocked one acknowledged it.
            topology.primary().execute("INSERT INTO shop.acked VALUES (1)");
            GtidSet all = GtidSet.parse(topology.primary().executedGtids());
            topology.primary().kill9();
            for (int other : List.of(1, 3)) {
                topology.server(other).execute("START REPLICA IO_THREAD");
            }
            await().atMost(PATIENCE)
                    .until(() -> events.stream()
                            .anyMatch(e -> e instanceof OrchestratorEvent.RecoveryStepped s
                                    && s.step().phase().equals("drain")));
            await().during(Duration.ofMillis(700))
                    .atMost(PATIENCE)
                    .until(() -> "1".equals(acker.queryValue("SELECT @@read_only")));
            lock.execute("UNLOCK TABLES");
            RecoveryRecord record = awaitRecovery();

            assertThat(record.gtidsAtPromotion()).isNotNull();
            assertThat(requireNonNull(record.gtidsAtPromotion()).contains(all)).isTrue();
            assertThat(successor(record).queryValue("SELECT COUNT(*) FROM shop.acked"))
                    .isEqualTo("1");
        }
    }
}
