package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A leader stops itself (SIGSTOP) after its last command and before it writes the fence, or the end of its record; another
 * one recovers the cluster; then the first one wakes. What it writes now changes nothing.
 */
@RealServers
class SleepingLeaderTest {
    @RegisterExtension
    @Order(1)
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @RegisterExtension
    @Order(2)
    final SecondNode second = new SecondNode(BACKEND, topology);

    static Stream<Arguments> points() {
        return Series.of(
                List.of("before=Fence[add]", "before=Record[ended]"),
                List.of(
                        "after=Fence[add]",
                        "before=Record[named]",
                        "after=Record[named]",
                        "after=Record[promoted]",
                        "before=Record[register]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("points")
    void whatItWritesLateChangesNothing(String point) throws Exception {
        List<DatabaseServer> all = topology.topology().servers();
        DatabaseServer old = topology.primary();
        try (ClientsEverywhere clients = ClientsEverywhere.start(all);
                EngineJvm first = second.leadingFirstNode(point, "signal=STOP")) {
            old.kill9();
            await().atMost(SecondNode.PATIENCE).until(() -> first.said().contains(FaultyEngineProcess.AT_ITS_POINT));
            await().atMost(SecondNode.PATIENCE)
                    .until(() -> second.allEnded() && !second.successes().isEmpty());
            DatabaseServer primary = SecondNode.theOnlyWriter(topology.server(1), topology.server(2));
            DatabaseServer replica = primary == topology.server(1) ? topology.server(2) : topology.server(1);
            SecondNode.assertFollows(replica, primary);
            old.startAgain();
            await().atMost(SecondNode.PATIENCE)
                    .until(() -> second.fences().stream()
                            .anyMatch(f -> f.state() == FenceState.CLEAN || f.state() == FenceState.AHEAD));
            second.assertAccountedFor(clients, old, primary);
            // Its fence ends now: what comes late must not bring it back.
            old.replicateFrom(primary);
            await().atMost(SecondNode.PATIENCE).until(() -> second.fences().isEmpty());
            List<RecoveryRecord> records = second.records();
            Map<String, String> servers = seen(all);

            int said = first.said().size();
            first.signal("CONT");
            await().atMost(SecondNode.PATIENCE).until(() -> first.said().size() > said + 60);

            assertThat(first.said().stream().skip(said + 1)).noneMatch(l -> l.startsWith("LEADING"));
            assertThat(second.engine().leaderElection().standing()).isEqualTo(Standing.LEADING);
            assertThat(second.records()).isEqualTo(records);
            assertThat(second.fences()).isEmpty();
            assertThat(seen(all)).isEqualTo(servers);
            assertThat(clients.acknowledgedBy(replica)).isZero();
            second.awaitNoLocks();
        }
    }

    /** Who can be written, and who reads from whom. */
    private static Map<String, String> seen(List<DatabaseServer> servers) {
        Map<String, String> seen = new TreeMap<>();
        for (DatabaseServer server : servers) {
            Map<String, @Nullable String> status = server.replicaStatus();
            seen.put(
                    server.address(),
                    "super_read_only " + server.queryValue("SELECT @@global.super_read_only") + ", reads from "
                            + status.get("Source_Port") + " " + status.get("Replica_IO_Running") + " "
                            + status.get("Replica_SQL_Running"));
        }
        return seen;
    }
}
