package dev.orchestrator.engine.internal.shell.detection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.StoredCredentials;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.ReplicationTopology;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Living primaries whose replicas cannot connect, and which then only we cannot reach; and dead ones beside them. */
class RealEvidenceTest {
    private static final int ACCESS_DENIED = 1045;
    private static final int TOO_MANY_CONNECTIONS = 1040;

    private static void refuseReplicas(DatabaseServer primary) {
        endDumpThreads(
                primary,
                "SET SESSION sql_log_bin = 0",
                "ALTER USER '" + DatabaseServer.REPLICATION_USER + "'@'%' IDENTIFIED BY 'changed'");
    }

    /** After these statements, does what a restart of a router, or an operator's KILL, does: receivers connect again. */
    private static void endDumpThreads(DatabaseServer primary, String... before) {
        Stream<String> kills =
                primary
                        .query("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'")
                        .stream()
                        .map(row -> "KILL " + row.values().iterator().next());
        primary.execute(Stream.concat(Stream.of(before), kills).toArray(String[]::new));
    }

    private static void awaitReceiverError(RealWatch real, ReplicationTopology topology, int errno) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> real.allShow(
                        topology.replicas(),
                        c -> c.receiver() == ReplicationThreadState.CONNECTING && c.lastReceiverErrno() == errno));
    }

    @ParameterizedTest(name = "{0} replicas, our way is {1}")
    @CsvSource({"1, TIMEOUT", "2, TIMEOUT", "2, REFUSED"})
    void aPrimaryThatRefusesItsReplicasIsNotReplacedWhenOnlyWeLoseIt(int replicas, ProbeFailure.Kind kind) {
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(replicas).start();
                RealWatch real = new RealWatch()) {
            real.discover(topology);
            refuseReplicas(topology.primary());
            awaitReceiverError(real, topology, ACCESS_DENIED);
            real.cuttable.cut(topology.primary().key(), kind);
            real.staysUnconfirmed();
            assertThat(real.evidence())
                    .anySatisfy(e -> assertThat(e).contains("was refused by its source since the failure began"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aPrimaryWithoutConnectionsLeftIsNotReplacedWhenOnlyWeLoseIt(int replicas) {
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(replicas).start();
                RealWatch real = new RealWatch()) {
            real.discover(topology);
            endDumpThreads(topology.primary(), "SET GLOBAL max_connections = 1");
            awaitReceiverError(real, topology, TOO_MANY_CONNECTIONS);
            real.cuttable.cut(topology.primary().key(), ProbeFailure.Kind.TIMEOUT);
            real.staysUnconfirmed();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void detachedReplicasAreNoEvidenceWhenOnlyWeLoseThePrimary(int replicas) {
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(replicas).start();
                RealWatch real = new RealWatch()) {
            real.discover(topology);
            topology.replicas()
                    .forEach(r -> r.execute(
                            "STOP REPLICA",
                            "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '//127.0.0.1'",
                            "START REPLICA"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> real.allShow(
                            topology.replicas(),
                            c -> c.detached() && c.receiver() == ReplicationThreadState.CONNECTING));
            real.cuttable.cut(topology.primary().key(), ProbeFailure.Kind.TIMEOUT);
            real.staysUnconfirmed();
            assertThat(real.evidence()).anySatisfy(e -> assertThat(e).contains("nothing is promoted automatically"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aDeadPrimaryWhoseReplicasWereRefusedLongBeforeIsDetectedAndNotReplaced(int replicas) {
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(replicas).start();
                RealWatch real = new RealWatch()) {
            real.discover(topology);
            refuseReplicas(topology.primary());
            awaitReceiverError(real, topology, ACCESS_DENIED);
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> real.allShow(
                            topology.replicas(),
                            c -> requireNonNull(real.member(topology.primary())
                                            .orElseThrow()
                                            .lastAnswer())
                                    .minus(Duration.ofSeconds(9))
                                    .isAfter(c.connectedUntil())));
            topology.primary().kill9();
            real.staysUnconfirmed();
            assertThat(real.evidence()).anySatisfy(e -> assertThat(e).contains("nothing is promoted automatically"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aKilledPrimaryWithHealthyReplicasIsFoundDead(int replicas) {
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(replicas).start();
                RealWatch real = new RealWatch()) {
            real.discover(topology);
            topology.primary().kill9();
            real.awaitDead();
        }
    }

    private static void startWithAccount(ReplicationTopology topology, String user, String password) {
        topology.replicas()
                .forEach(r -> r.execute(
                        "STOP REPLICA",
                        "CHANGE REPLICATION SOURCE TO SOURCE_USER = '" + user + "', SOURCE_PASSWORD = '" + password
                                + "'",
                        "START REPLICA USER = '" + DatabaseServer.REPLICATION_USER + "' PASSWORD = '"
                                + DatabaseServer.REPLICATION_PASSWORD + "'"));
    }

    private static boolean allRun(List<DatabaseServer> replicas) {
        return replicas.stream().allMatch(r -> "Yes".equals(r.replicaStatus().get("Replica_IO_Running")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aReceiverThatKeepsNoAccountIsNeverRestartedAsATest(int replicas) {
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(replicas).start();
                RealWatch real = new RealWatch()) {
            real.discover(topology);
            assertThat(real.allShow(topology.replicas(), c -> c.credentialsStored() == StoredCredentials.STORED))
                    .isTrue();
            startWithAccount(topology, "", "");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> real.allShow(
                            topology.replicas(),
                            c -> c.credentialsStored() == StoredCredentials.MISSING
                                    && c.receiver() == ReplicationThreadState.RUNNING));
            real.cuttable.cut(topology.primary().key(), ProbeFailure.Kind.TIMEOUT);
            real.staysUnconfirmed();
            assertThat(real.audit).isEmpty();
            assertThat(allRun(topology.replicas())).isTrue();
            assertThat(real.evidence()).anySatisfy(e -> assertThat(e).contains("keeps its user and password"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aReceiverThatDoesNotComeBackFromATestIsToldAndEndsTesting(int replicas) {
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(replicas).start();
                RealWatch real = new RealWatch()) {
            real.discover(topology);
            startWithAccount(topology, DatabaseServer.REPLICATION_USER, "not it");
            await().atMost(Duration.ofSeconds(20)).until(() -> allRun(topology.replicas()));
            await().during(Duration.ofSeconds(6))
                    .atMost(Duration.ofSeconds(20))
                    .until(() ->
                            real.allShow(topology.replicas(), c -> c.receiver() == ReplicationThreadState.RUNNING));
            real.cuttable.cut(topology.primary().key(), ProbeFailure.Kind.TIMEOUT);
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> real.audit.stream().anyMatch(e -> e.message().contains("did not come back")));
            real.staysUnconfirmed();
            assertThat(real.audit)
                    .anySatisfy(e -> assertThat(e.message()).contains("its source refused it, so it lives"));
            assertThat(real.audit.stream().filter(e -> e.message().contains("did not come back")))
                    .hasSize(1);
        }
    }

    @Test
    void aReplicaThatRefusesOurAccountIsAProblem() {
        try (ReplicationTopology topology =
                        ReplicationTopology.primaryWithReplicas(2).start();
                RealWatch real = new RealWatch()) {
            real.discover(topology);
            DatabaseServer replica = topology.replicas().get(0);
            Stream<String> kills = replica
                    .query("SELECT id FROM information_schema.processlist WHERE user = '"
                            + DatabaseServer.ORCHESTRATOR_USER + "'")
                    .stream()
                    .map(row -> "KILL " + row.values().iterator().next());
            replica.execute(Stream.concat(
                            Stream.of(
                                    "SET GLOBAL super_read_only = 0",
                                    "SET SESSION sql_log_bin = 0",
                                    "ALTER USER '" + DatabaseServer.ORCHESTRATOR_USER + "'@'%' ACCOUNT LOCK"),
                            kills)
                    .toArray(String[]::new));
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> real.watch.findings().stream()
                            .anyMatch(f -> f.instance().equals(replica.key())
                                    && f.warnings().contains(StructureWarning.ACCOUNT_REFUSED)));
            assertThat(real.handled).isEmpty();
        }
    }
}
