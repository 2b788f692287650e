package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerPackage;
import org.junit.jupiter.api.Test;

/** A primary that waits for ever, its only acknowledging replica (1), and an asynchronous one (2). */
@RealServers
class RealSemiSyncLossTest extends RecoveryOnRealServers {
    RealSemiSyncLossTest() {
        super(TopologyExtension.of(ReplicationTopology.primaryWithReplicas(2)
                .on(ServerPackage.MYSQL_9)
                .semiSync(SemiSync.lossless())));
    }

    @Test
    void whatOnlyTheDeadMayHoldIsNotGivenUpAutomatically() {
        DatabaseServer acker = topology.server(1);
        DatabaseServer other = topology.server(2);
        other.execute(
                "STOP REPLICA IO_THREAD", "SET GLOBAL rpl_semi_sync_replica_enabled = 0", "START REPLICA IO_THREAD");
        InstanceKey primary = topology.primary().key();
        await().atMost(PATIENCE)
                .until(() -> engine.fleet()
                                .instance(primary)
                                .orElseThrow()
                                .semiSync()
                                .clients()
                        == 1);
        topology.primary().kill9();
        acker.kill9();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(refusal(primary))
                        .contains("semi-sync", acker.key().toString()));

        assertThat(other.queryValue("SELECT @@global.super_read_only")).isEqualTo("1");
    }

    private String refusal(InstanceKey primary) {
        return engine.lastDecision(primary)
                .flatMap(d -> d.refusal())
                .map(GateVerdict::facts)
                .orElse("");
    }
}
