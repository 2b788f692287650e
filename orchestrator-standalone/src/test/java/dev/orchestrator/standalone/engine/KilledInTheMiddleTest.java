package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Door;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node kills itself (SIGKILL) in the middle of what it does to real servers; another one brings it to an end. */
@RealServers
class KilledInTheMiddleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    private String schema;

    private JooqBackend backend;
    private OrchestratorEngine heir;

    @BeforeEach
    void open() {
        schema = BACKEND.newSchema();
        backend = RealEngines.backend(BACKEND.server().key(), schema);
        heir = RealEngines.engine(backend, "node-b");
    }

    @AfterEach
    void close() {
        heir.close();
        backend.close();
    }

    private ChildJvm victim(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("backend=" + BACKEND.server().key());
        all.add("schema=" + schema);
        all.add("node=node-a");
        all.add("seed=" + topology.primary().key());
        return ChildJvm.start(FaultyEngineProcess.class, all.toArray(String[]::new));
    }

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
        try (ChildJvm victim = victim(where)) {
            await().atMost(PATIENCE).until(() -> victim.lastSaid().equals("LEADING 3"));
            heir.start();
            topology.primary().kill9();
            await().atMost(PATIENCE).until(() -> !victim.isAlive());
            await().atMost(PATIENCE).until(() -> ended() && records().stream().anyMatch(RecoveryRecord::successful));
            DatabaseServer promoted = theOnlyWriter(topology.server(1), topology.server(2));
            assertFollows(promoted == topology.server(1) ? topology.server(2) : topology.server(1), promoted);
            List<RecoveryRecord> records = records();
            assertThat(records.stream().filter(RecoveryRecord::successful)).hasSize(1);
            RecoveryRecord first = records.get(records.size() - 1);
            assertThat(first.node()).isEqualTo("node-a");
            assertThat(first.errors()).anyMatch(e -> e.contains("node-a vanished") || e.contains("after node-a"));
            assertThat(first.errors()).anyMatch(e -> e.contains("node-b"));
            assertThat(records).hasSize(first.successful() ? 1 : 2);
            assertThat(records.stream().filter(RecoveryRecord::successful).map(RecoveryRecord::successor))
                    .containsExactly(promoted.key());
            assertThat(backend.fences().standing())
                    .extracting(f -> f.instance())
                    .containsExactly(topology.primary().key());
            await().atMost(PATIENCE).until(() -> heir.maintenance().active().isEmpty());
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
        heirLeads();
        try (ChildJvm victim = victim(where, "takeover=" + topology.server(1).key())) {
            await().atMost(PATIENCE).until(() -> !victim.isAlive());
            assertThat(victim.said()).isEmpty();
            await().atMost(PATIENCE).until(() -> records().size() == 1 && ended());
            RecoveryRecord record = records().get(0);
            assertThat(record.type()).isEqualTo(RecoveryType.SWITCHOVER);
            assertThat(record.node()).isEqualTo("node-a");
            assertThat(record.actor().who()).isEqualTo("tester");
            assertThat(record.successful()).as("%s", record.errors()).isEqualTo(handedOver);
            assertThat(record.errors()).anyMatch(e -> e.contains("node-b") && e.contains("node-a"));
            DatabaseServer writer = topology.server(handedOver ? 1 : 0);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    theOnlyWriter(topology.topology().servers().toArray(DatabaseServer[]::new)))
                            .isSameAs(writer));
            assertFollows(topology.server(2), writer);
            if (!handedOver) {
                assertFollows(topology.server(1), writer);
                assertThat(backend.fences().standing()).isEmpty();
            }
            await().atMost(PATIENCE).until(() -> heir.maintenance().active().isEmpty());
        }
    }

    @Test
    void aTakeoverThatLeavesTheStartOfTheFormerPrimaryToAPersonIsFinishedSo() throws Exception {
        heirLeads();
        try (ChildJvm victim = victim(
                "after=SetReadOnly[readOnly=false]",
                "leftStopped=true",
                "takeover=" + topology.server(1).key())) {
            await().atMost(PATIENCE).until(() -> !victim.isAlive());
            await().atMost(PATIENCE).until(() -> records().size() == 1 && ended());
            RecoveryRecord record = records().get(0);
            assertThat(record.successful()).as("%s", record.errors()).isTrue();
            assertThat(record.errors()).anyMatch(e -> e.contains("finished by node-b"));
            assertThat(topology.primary().replicaStatus())
                    .containsEntry(
                            "Source_Port", Integer.toString(topology.server(1).port()))
                    .containsEntry("Replica_IO_Running", "No")
                    .containsEntry("Replica_SQL_Running", "No");
        }
    }

    private void heirLeads() {
        heir.start();
        await().atMost(PATIENCE).until(() -> heir.leaderElection().standing() == Standing.LEADING);
        heir.discover(topology.primary().key(), new Actor("tester", Door.API, "here"));
        await().atMost(PATIENCE)
                .until(() -> heir.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == 3);
    }

    private List<RecoveryRecord> records() {
        return backend.recoveries().find(RecoveryFilter.all(0, 10));
    }

    private boolean ended() {
        return !records().isEmpty() && records().stream().noneMatch(RecoveryRecord::isActive);
    }

    private static DatabaseServer theOnlyWriter(DatabaseServer... servers) {
        List<DatabaseServer> writers = Arrays.stream(servers)
                .filter(s -> "0".equals(s.queryValue("SELECT @@global.read_only")))
                .toList();
        assertThat(writers).hasSize(1);
        return writers.get(0);
    }

    private static void assertFollows(DatabaseServer replica, DatabaseServer source) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(replica.replicaStatus())
                        .containsEntry("Source_Port", Integer.toString(source.port()))
                        .containsEntry("Replica_IO_Running", "Yes")
                        .containsEntry("Replica_SQL_Running", "Yes"));
    }
}
