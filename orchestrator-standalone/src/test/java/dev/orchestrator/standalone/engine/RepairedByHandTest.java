package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
 * A node is killed in the middle of a recovery, and nobody leads for a while: people repair the topology by hand. Whoever
 * leads then leaves it as it is.
 */
@RealServers
class RepairedByHandTest {
    @RegisterExtension
    @Order(1)
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @RegisterExtension
    @Order(2)
    final SecondNode heir = new SecondNode(BACKEND, topology);

    private void killTheLeader(String where) throws Exception {
        try (EngineJvm victim = heir.firstNode(where)) {
            String all = "LEADING " + topology.topology().servers().size();
            await().atMost(SecondNode.PATIENCE).until(() -> victim.lastSaid().equals(all));
            topology.primary().kill9();
            await().atMost(SecondNode.PATIENCE).until(() -> !victim.isAlive());
        }
    }

    private static void makePrimary(DatabaseServer server) {
        server.execute(
                "STOP REPLICA", "RESET REPLICA ALL", "SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
    }

    private static void attach(DatabaseServer replica, DatabaseServer primary) {
        replica.execute("SET GLOBAL super_read_only = ON", "STOP REPLICA");
        replica.replicateFrom(primary);
    }

    private RecoveryRecord afterTheNextLeader() {
        heir.engine().start();
        heir.awaitAllEnded();
        // It is written a moment after the end.
        await().atMost(SecondNode.PATIENCE).until(() -> oldest().acknowledged());
        RecoveryRecord record = oldest();
        assertThat(record.node()).isEqualTo("node-a");
        assertThat(record.successful()).isFalse();
        return record;
    }

    private RecoveryRecord oldest() {
        return heir.records().get(heir.records().size() - 1);
    }

    private static void assertStays(DatabaseServer writer, List<DatabaseServer> all, DatabaseServer... replicas) {
        await().during(Duration.ofSeconds(3))
                .atMost(SecondNode.PATIENCE)
                .until(() -> SecondNode.writers(all).equals(List.of(writer)));
        for (DatabaseServer replica : replicas) {
            SecondNode.assertFollows(replica, writer);
        }
    }

    /** Seen before: the named successor was made writable beside the primary that people had made. */
    @Test
    void theSuccessorOfTheRecordIsNotPromotedBesideThePrimaryThatPeopleMade() throws Exception {
        killTheLeader("before=SetReadOnly[readOnly=false]");
        RecoveryRecord left = heir.records().get(0);
        List<DatabaseServer> replicas = List.of(topology.server(1), topology.server(2), topology.server(3));
        DatabaseServer named = replicas.stream()
                .filter(s -> s.key().equals(left.successor()))
                .findFirst()
                .orElseThrow();
        List<DatabaseServer> others = replicas.stream().filter(s -> s != named).toList();
        DatabaseServer made = others.get(0);
        DatabaseServer other = others.get(1);
        makePrimary(made);
        attach(named, made);
        attach(other, made);
        RecoveryRecord record = afterTheNextLeader();
        assertThat(record.errors()).anyMatch(e -> e.contains("overtaken: " + made.key() + " is writable"));
        assertStays(made, replicas, named, other);
        assertThat(heir.fences())
                .extracting(f -> f.instance())
                .containsExactly(topology.primary().key());
        heir.awaitNoLocks();
    }

    /** Seen before: the former primary was made writable, and a replica was moved back below it. */
    @Test
    void aFormerPrimaryBelowTheOneThatPeopleMadeStaysThere() throws Exception {
        killTheLeader("after=StopReceiver");
        DatabaseServer former = topology.primary();
        DatabaseServer made = topology.server(2);
        makePrimary(made);
        former.startAgain();
        attach(former, made);
        attach(topology.server(1), made);
        attach(topology.server(3), made);
        RecoveryRecord record = afterTheNextLeader();
        assertThat(record.successor()).isNull();
        assertThat(record.errors()).anyMatch(e -> e.contains("overtaken: " + made.key() + " is writable"));
        assertStays(made, topology.topology().servers(), former, topology.server(1), topology.server(3));
        assertThat(heir.fences()).isEmpty();
        heir.awaitNoLocks();
    }
}
