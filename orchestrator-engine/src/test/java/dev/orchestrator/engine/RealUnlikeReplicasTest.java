package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import org.junit.jupiter.api.Test;

/**
 * A primary (0) of MySQL 8.0 with two replicas of 8.0, of which one (2) does not log what it applies, and one of 9.x (3),
 * below which no 8.0 can replicate with certainty; it logs rows, the others statements.
 */
@RealServers
class RealUnlikeReplicasTest extends RecoveryOnRealServers {
    RealUnlikeReplicasTest() {
        super(TopologyExtension.of(ReplicationTopology.primaryWithReplicas(3)
                .server(0, o -> o.line("binlog_format=STATEMENT"))
                .server(1, o -> o.line("binlog_format=STATEMENT"))
                .server(2, o -> o.line("binlog_format=STATEMENT").line("log_replica_updates=OFF"))
                .server(3, o -> o.serverPackage(ServerPackage.MYSQL_9))));
    }

    private void table() {
        topology.primary().execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        topology.topology().awaitReplication(PATIENCE);
    }

    private int applierErrno(DatabaseServer server) {
        return engine.fleet()
                .instance(server.key())
                .flatMap(Instance::mainChannel)
                .map(ReplicationChannel::lastApplierErrno)
                .orElse(0);
    }

    /** Who takes over holds all that was received, and those that cannot follow it are named for good. */
    private void checkPromoted(RecoveryRecord record, String all) {
        DatabaseServer newer = topology.server(3);
        assertThat(record.successor()).isEqualTo(newer.key());
        assertThat(GtidSet.parse(newer.executedGtids()).contains(GtidSet.parse(all)))
                .isTrue();
        assertThat(record.errors())
                .anySatisfy(e -> assertThat(e)
                        .contains(
                                "no way back",
                                topology.server(1).key().toString(),
                                topology.server(2).key().toString(),
                                "is older than 9."));
    }

    @Test
    void theNewerOneIsPromotedWhenItAloneIsFit() {
        DatabaseServer broken = topology.server(1);
        table();
        broken.execute(
                "SET GLOBAL super_read_only = OFF",
                "SET SESSION sql_log_bin = OFF",
                "INSERT INTO app.t VALUES (1)",
                "SET GLOBAL super_read_only = ON");
        topology.primary().execute("INSERT INTO app.t VALUES (1)", "INSERT INTO app.t VALUES (2)");
        String all = topology.primary().executedGtids();
        topology.server(3).awaitExecuted(all, PATIENCE);
        await().atMost(PATIENCE).until(() -> applierErrno(broken) == 1062);
        topology.primary().kill9();
        checkPromoted(awaitRecovery(), all);
    }

    @Test
    void theNewerOneIsPromotedWhenItAloneHoldsWhatWasReceived() {
        table();
        for (int other : new int[] {1, 2}) {
            topology.server(other).execute("STOP REPLICA IO_THREAD");
        }
        topology.primary().execute("INSERT INTO app.t VALUES (1)");
        String all = topology.primary().executedGtids();
        topology.server(3).awaitExecuted(all, PATIENCE);
        topology.primary().kill9();
        for (int other : new int[] {1, 2}) {
            topology.server(other).execute("START REPLICA IO_THREAD");
        }
        checkPromoted(awaitRecovery(), all);
    }
}
