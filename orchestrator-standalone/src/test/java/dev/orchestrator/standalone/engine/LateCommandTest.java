package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A leader is stopped (SIGSTOP) after it has asked whether it may act and before its command has reached the server. The
 * command arrives when somebody else leads: only the server can refuse it then.
 */
@RealServers
class LateCommandTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    @Order(1)
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @RegisterExtension
    @Order(2)
    final SecondNode second = new SecondNode(BACKEND, topology);

    @Test
    void theServerRefusesWhatADeposedLeaderSentBefore() throws Exception {
        DatabaseServer wanted = topology.server(1);
        DatabaseServer other = topology.server(2);
        try (HoldingProxy proxy = new HoldingProxy(wanted.key(), "super_read_only = 0");
                EngineJvm first = second.leadingFirstNode("divert=" + wanted.key(), "way=" + proxy.key())) {
            second.backend().intents().setPromotionRule(wanted.key(), PromotionRule.PREFER, HOUR);

            topology.primary().kill9();
            await().atMost(SecondNode.PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(proxy::isHolding);
            first.signal("STOP");
            await().atMost(SecondNode.PATIENCE).until(() -> second.successes().size() == 1);
            assertThat(second.successes().get(0).successor()).isEqualTo(wanted.key());
            SecondNode.assertFollows(other, wanted);
            List<RecoveryRecord> before = second.records();
            wanted.execute("SET GLOBAL super_read_only = 1");

            proxy.letGo();
            assertThat(wanted.queryValue("SELECT @@global.super_read_only")).isEqualTo("1");
            assertThat(wanted.queryValue("SELECT @@global.read_only")).isEqualTo("1");

            int said = first.said().size();
            first.signal("CONT");
            await().atMost(SecondNode.PATIENCE).until(() -> first.said().size() > said + 40);
            assertThat(first.said().stream().skip(said + 1)).noneMatch(l -> l.startsWith("LEADING"));
            assertThat(second.engine().leaderElection().standing()).isEqualTo(Standing.LEADING);
            assertThat(wanted.queryValue("SELECT @@global.super_read_only")).isEqualTo("1");
            SecondNode.assertFollows(other, wanted);
            assertThat(second.records()).isEqualTo(before);
            assertThat(before).hasSize(1);
            assertThat(before.get(0).node()).isEqualTo("node-a");
            assertThat(before.get(0).errors())
                    .anyMatch(e -> e.contains("gone on with by node-b after node-a vanished"));
            assertThat(second.engine().maintenance().active()).isEmpty();
        }
    }
}
