package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A filtered replica says of what it left out that it has executed it: its GTID set is no proof of its data. */
@RealServers
class RealFilteredReplicaTest extends RecoveryOnRealServers {
    RealFilteredReplicaTest() {
        super(TopologyExtension.of(ReplicationTopology.primaryWithReplicas(2)));
    }

    @Test
    void aFilteredReplicaIsNotPromotedAlthoughItHoldsAllGtidsAndIsPreferred() {
        DatabaseServer filtered = topology.server(1);
        filtered.execute(
                "STOP REPLICA SQL_THREAD",
                "CHANGE REPLICATION FILTER REPLICATE_IGNORE_TABLE = (app.log)",
                "START REPLICA SQL_THREAD");
        backend.intents().setPromotionRule(filtered.key(), PromotionRule.PREFER, Duration.ofHours(1));
        topology.primary().execute("CREATE DATABASE app", "CREATE TABLE app.log (id INT PRIMARY KEY)");
        topology.topology().awaitReplication(PATIENCE);
        await().atMost(PATIENCE)
                .until(() -> engine.fleet()
                        .instance(filtered.key())
                        .orElseThrow()
                        .channels()
                        .get(0)
                        .filters()
                        .equals(List.of("replicate-ignore-table=app.log")));
        topology.primary().kill9();
        RecoveryRecord record = awaitRecovery();

        assertThat(record.successor()).isEqualTo(topology.server(2).key());
        assertThat(successor(record).queryValue("SELECT COUNT(*) FROM app.log")).isEqualTo("0");
    }
}
