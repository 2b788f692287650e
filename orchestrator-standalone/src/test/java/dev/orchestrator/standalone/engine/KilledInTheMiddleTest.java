package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node kills itself (SIGKILL) in the middle of what it does to real servers; another one brings it to an end. */
@RealServers
class KilledInTheMiddleTest {
    @RegisterExtension
    @Order(1)
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    @RegisterExtension
    @Order(2)
    final SecondNode heir = new SecondNode(BACKEND, topology);

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "before=StopReceiver",
                "after=StopReceiver",
                "before=SetReadOnly[readOnly=false]",
                "after=SetReadOnly[readOnly=false]",
                "before=ResetReplication",
                "before=Repoint",
                "after=Repoint"
            })
    void aRecoveryIsFinishedOrBegunAnewByTheNextLeader(String where) throws Exception {
        try (EngineJvm victim = heir.leadingFirstNode(where)) {
            topology.primary().kill9();
            await().atMost(SecondNode.PATIENCE).until(() -> !victim.isAlive());
            await().atMost(SecondNode.PATIENCE)
                    .until(() -> heir.allEnded() && !heir.successes().isEmpty());
            DatabaseServer promoted = SecondNode.theOnlyWriter(topology.server(1), topology.server(2));
            SecondNode.assertFollows(
                    promoted == topology.server(1) ? topology.server(2) : topology.server(1), promoted);
            List<RecoveryRecord> records = heir.records();
            assertThat(records.stream().filter(RecoveryRecord::successful)).hasSize(1);
            RecoveryRecord first = records.get(records.size() - 1);
            assertThat(first.node()).isEqualTo("node-a");
            assertThat(first.errors()).anyMatch(e -> e.contains("node-a vanished") || e.contains("after node-a"));
            assertThat(first.errors()).anyMatch(e -> e.contains("node-b"));
            assertThat(records).hasSize(first.successful() ? 1 : 2);
            assertThat(records.stream().filter(RecoveryRecord::successful).map(RecoveryRecord::successor))
                    .containsExactly(promoted.key());
            assertThat(heir.fences())
                    .extracting(f -> f.instance())
                    .containsExactly(topology.primary().key());
            heir.awaitNoLocks();
        }
    }

    @ParameterizedTest(name = "{0}: handed over {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "before=SetReadOnly[readOnly=true]; false",
                "after=SetReadOnly[readOnly=true]; false",
                "before=SetReadOnly[readOnly=false]; true",
                "after=SetReadOnly[readOnly=false]; true",
                "before=Repoint; true",
                "after=AttachTo; true"
            })
    void aTakeoverIsFinishedOrRolledBackByTheLeader(String where, boolean handedOver) throws Exception {
        heir.lead();
        try (EngineJvm victim =
                heir.firstNode(where, "takeover=" + topology.server(1).key())) {
            await().atMost(SecondNode.PATIENCE).until(() -> !victim.isAlive());
            await().untilAsserted(() -> assertThat(victim.said()).containsExactly(FaultyEngineProcess.AT_ITS_POINT));
            await().atMost(SecondNode.PATIENCE).until(() -> heir.records().size() == 1 && heir.allEnded());
            RecoveryRecord record = heir.records().get(0);
            assertThat(record.type()).isEqualTo(RecoveryType.SWITCHOVER);
            assertThat(record.node()).isEqualTo("node-a");
            assertThat(record.actor().who()).isEqualTo("tester");
            assertThat(record.successful()).as("%s", record.errors()).isEqualTo(handedOver);
            assertThat(record.errors()).anyMatch(e -> e.contains("node-b") && e.contains("node-a"));
            DatabaseServer writer = topology.server(handedOver ? 1 : 0);
            await().atMost(SecondNode.PATIENCE)
                    .untilAsserted(() -> assertThat(SecondNode.theOnlyWriter(
                                    topology.topology().servers().toArray(DatabaseServer[]::new)))
                            .isSameAs(writer));
            SecondNode.assertFollows(topology.server(2), writer);
            if (!handedOver) {
                SecondNode.assertFollows(topology.server(1), writer);
                assertThat(heir.fences()).isEmpty();
            }
            heir.awaitNoLocks();
        }
    }

    @Test
    void aTakeoverThatLeavesTheStartOfTheFormerPrimaryToAPersonIsFinishedSo() throws Exception {
        heir.lead();
        try (EngineJvm victim = heir.firstNode(
                "after=SetReadOnly[readOnly=false]",
                "leftStopped=true",
                "takeover=" + topology.server(1).key())) {
            await().atMost(SecondNode.PATIENCE).until(() -> !victim.isAlive());
            await().atMost(SecondNode.PATIENCE).until(() -> heir.records().size() == 1 && heir.allEnded());
            RecoveryRecord record = heir.records().get(0);
            assertThat(record.successful()).as("%s", record.errors()).isTrue();
            assertThat(record.errors()).anyMatch(e -> e.contains("gone on with by node-b"));
            assertThat(topology.primary().replicaStatus())
                    .containsEntry(
                            "Source_Port", Integer.toString(topology.server(1).port()))
                    .containsEntry("Replica_IO_Running", "No")
                    .containsEntry("Replica_SQL_Running", "No");
        }
    }
}
