package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** After a failover, people make the former primary the primary again, by hand. */
@RealServers
class RealRebuiltTopologyTest extends RecoveryOnRealServers {
    RealRebuiltTopologyTest() {
        super(
                TopologyExtension.primaryWithReplicas(2),
                c -> c.primaryRecoveryFilters(List.of("*")).pollInterval(Duration.ofSeconds(1)));
    }

    private static void follow(DatabaseServer replica, DatabaseServer source) {
        replica.execute(
                "STOP REPLICA",
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = " + source.port()
                        + ", SOURCE_USER = '" + DatabaseServer.REPLICATION_USER + "', SOURCE_PASSWORD = '"
                        + DatabaseServer.REPLICATION_PASSWORD
                        + "', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1",
                "START REPLICA");
    }

    @Test
    void theFormerPrimaryIsThePrimaryAgainAndItsNextDeathIsRecovered() {
        DatabaseServer former = topology.primary();
        former.kill9();
        RecoveryRecord first = awaitRecovery();
        DatabaseServer successor = successor(first);
        former.startAgain();
        await().atMost(PATIENCE)
                .until(() -> backend.fences().standing().stream().anyMatch(f -> f.state() == FenceState.CLEAN));

        successor.execute("SET GLOBAL super_read_only = 1");
        topology.topology().replicas().forEach(r -> follow(r, former));
        former.execute("SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");

        await().atMost(PATIENCE).until(() -> backend.fences().standing().isEmpty());
        former.execute("SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(5))
                .until(() -> "0".equals(former.queryValue("SELECT @@read_only")));
        assertThat(backend.audit().read(null, 0, 100)).anyMatch(e -> e.type().equals("fence-ended"));

        backend.recoveries().acknowledge(RecoveryFilter.all(0, 10), TESTER, "seen");
        former.kill9();
        await().atMost(PATIENCE).until(() -> !newest().uid().equals(first.uid()) && !newest().isActive());
        assertThat(newest().successful()).as("%s", newest().errors()).isTrue();
        assertThat(newest().failed()).isEqualTo(former.key());
        assertThat(newest().successor()).isNotEqualTo(former.key());
    }
}
