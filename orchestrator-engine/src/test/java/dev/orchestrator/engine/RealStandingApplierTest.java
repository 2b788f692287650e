package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The only replica that may take over (1) has a standing applier, and one that must not be promoted (2) holds more. */
@RealServers
class RealStandingApplierTest extends RecoveryOnRealServers {
    RealStandingApplierTest() {
        super(TopologyExtension.primaryWithReplicas(2));
    }

    private void table() {
        topology.primary().execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        topology.topology().awaitReplication(PATIENCE);
    }

    /** Leaves the primary dead; the set that it had executed. */
    private String killWithTheForbiddenOneAhead() {
        DatabaseServer chosen = topology.server(1);
        backend.intents().setPromotionRule(topology.server(2).key(), PromotionRule.MUST_NOT, Duration.ofHours(1));
        chosen.execute("STOP REPLICA SQL_THREAD");
        topology.primary().execute("INSERT INTO app.t VALUES (1)");
        String received = topology.primary().executedGtids();
        await().atMost(PATIENCE).until(() -> {
            GtidSet retrieved =
                    GtidSet.parse(String.valueOf(chosen.replicaStatus().get("Retrieved_Gtid_Set"))
                            .replace("null", ""));
            return retrieved.union(GtidSet.parse(chosen.executedGtids())).contains(GtidSet.parse(received));
        });
        chosen.execute("STOP REPLICA IO_THREAD");
        topology.primary().execute("INSERT INTO app.t VALUES (2)", "INSERT INTO app.t VALUES (3)");
        String all = topology.primary().executedGtids();
        topology.server(2).awaitExecuted(all, PATIENCE);
        topology.primary().kill9();
        chosen.execute("START REPLICA IO_THREAD");
        return all;
    }

    @Test
    void theChosenOneIsCaughtUpAndPromoted() {
        table();
        String all = killWithTheForbiddenOneAhead();
        RecoveryRecord record = awaitRecovery();

        assertThat(record.successor()).isEqualTo(topology.server(1).key());
        assertThat(record.gtidsAtPromotion()).isEqualTo(GtidSet.parse(all));
        assertThat(successor(record).queryValue("SELECT COUNT(*) FROM app.t")).isEqualTo("3");
        assertThat(record.lostReplicas()).as("%s", record.errors()).isEmpty();
    }

    @Test
    void afterAnAbortNobodyReadsFromASibling() throws Exception {
        DatabaseServer chosen = topology.server(1);
        DatabaseServer forbidden = topology.server(2);
        table();
        try (Connection blocker = chosen.connect();
                Statement lock = blocker.createStatement()) {
            lock.execute("LOCK TABLES app.t READ");
            String all = killWithTheForbiddenOneAhead();
            await().atMost(PATIENCE).until(() -> source(chosen).equals(forbidden.port() + " Yes"));
            topology.primary().startAgain();
            await().atMost(PATIENCE)
                    .until(() -> events.stream().anyMatch(OrchestratorEvent.RecoveryEnded.class::isInstance));

            assertThat(newest().successful()).isFalse();
            assertThat(newest().errors()).noneMatch(e -> e.contains("not restored"));
            for (DatabaseServer replica : topology.topology().replicas()) {
                await().atMost(PATIENCE)
                        .until(() -> source(replica).equals(topology.primary().port() + " Yes"));
                assertThat(replica.queryValue("SELECT @@read_only")).isEqualTo("1");
            }
            lock.execute("UNLOCK TABLES");
            chosen.awaitExecuted(all, PATIENCE);
        }
    }

    private static String source(DatabaseServer replica) {
        var status = replica.replicaStatus();
        return status.get("Source_Port") + " " + status.get("Replica_IO_Running");
    }
}
