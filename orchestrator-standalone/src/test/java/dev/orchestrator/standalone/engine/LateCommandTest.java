package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A leader is stopped (SIGSTOP) after it has asked whether it may act and before its command has reached the server. The
 * command arrives when somebody else leads: only the server can refuse it then.
 */
@RealServers
class LateCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @Test
    void theServerRefusesWhatADeposedLeaderSentBefore() throws Exception {
        DatabaseServer wanted = topology.server(1);
        DatabaseServer other = topology.server(2);
        String schema = BACKEND.newSchema();
        try (JooqBackend backend = RealEngines.backend(BACKEND.server().key(), schema);
                HoldingProxy proxy = new HoldingProxy(wanted.key(), "super_read_only = 0");
                OrchestratorEngine second = RealEngines.engine(backend, "node-b");
                ChildJvm first = ChildJvm.start(
                        FaultyEngineProcess.class,
                        "backend=" + BACKEND.server().key(),
                        "schema=" + schema,
                        "node=node-a",
                        "seed=" + topology.primary().key(),
                        "divert=" + wanted.key(),
                        "way=" + proxy.key())) {
            await().atMost(PATIENCE).until(() -> first.lastSaid().equals("LEADING 3"));
            backend.intents().setPromotionRule(wanted.key(), PromotionRule.PREFER, HOUR);
            second.start();

            topology.primary().kill9();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(proxy::isHolding);
            first.signal("STOP");
            await().atMost(PATIENCE).until(() -> successes(backend).size() == 1);
            assertThat(successes(backend).get(0).successor()).isEqualTo(wanted.key());
            assertFollows(other, wanted);
            List<RecoveryRecord> before = records(backend);
            wanted.execute("SET GLOBAL super_read_only = 1");

            proxy.letGo();
            assertThat(wanted.queryValue("SELECT @@global.super_read_only")).isEqualTo("1");
            assertThat(wanted.queryValue("SELECT @@global.read_only")).isEqualTo("1");

            int said = first.said().size();
            first.signal("CONT");
            await().atMost(PATIENCE).until(() -> first.said().size() > said + 40);
            assertThat(first.said().stream().skip(said + 1)).noneMatch(l -> l.startsWith("LEADING"));
            assertThat(second.leaderElection().standing()).isEqualTo(Standing.LEADING);
            assertThat(wanted.queryValue("SELECT @@global.super_read_only")).isEqualTo("1");
            assertFollows(other, wanted);
            assertThat(records(backend)).isEqualTo(before);
            assertThat(before).hasSize(1);
            assertThat(before.get(0).node()).isEqualTo("node-a");
            assertThat(before.get(0).errors()).anyMatch(e -> e.contains("finished by node-b after node-a vanished"));
            assertThat(second.maintenance().active()).isEmpty();
        }
    }

    private static List<RecoveryRecord> records(JooqBackend backend) {
        return backend.recoveries().find(RecoveryFilter.all(0, 10));
    }

    private static List<RecoveryRecord> successes(JooqBackend backend) {
        return records(backend).stream()
                .filter(r -> r.successful() && r.endedAt() != null && r.repointedAt() != null)
                .toList();
    }

    private static void assertFollows(DatabaseServer replica, DatabaseServer source) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(replica.replicaStatus())
                        .containsEntry("Source_Port", Integer.toString(source.port()))
                        .containsEntry("Replica_IO_Running", "Yes")
                        .containsEntry("Replica_SQL_Running", "Yes"));
    }
}
