package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.BackendChanged;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TcpProxy;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A MySQL backend in trouble while the watched primary dies: who cannot renew its lease does nothing; once the backend is
 * well again everything goes on by itself, there is one recovery, and the events say since when and why it stood still.
 */
@RealServers
class BackendTroubleTest {
    private static final Actor TESTER = new Actor("tester", Origin.API, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.of(ServerPackage.MYSQL_8_0);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(2);

    private final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    private String schema;
    private TcpProxy way;
    private JooqBackend backend;
    private JooqBackend witness;
    private OrchestratorEngine engine;

    @BeforeEach
    void lead() {
        schema = SERVER.newSchema();
        way = TcpProxy.to(SERVER.server());
        witness = RealEngines.backend(SERVER.server().key(), schema);
        backend = RealEngines.backend(new InstanceKey(way.host(), way.port()), schema);
        engine = RealEngines.engine(backend, "node-a");
        engine.addListener(events::add);
        engine.start();
        await().atMost(PATIENCE).until(() -> engine.leaderElection().standing() == Standing.LEADING);
        engine.discover(topology.primary().key(), TESTER);
        await().atMost(PATIENCE)
                .until(() -> engine.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == 3);
    }

    @AfterEach
    void close() {
        way.heal();
        engine.close();
        backend.close();
        witness.close();
        way.close();
    }

    @Test
    void readOnly() {
        SERVER.server().execute("SET GLOBAL super_read_only = 1");
        awaitNotLeading();
        topology.primary().kill9();
        assertNothingIsDone();
        SERVER.server().execute("SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
        assertRecoversOnce();
        assertTroubleWasTold("read");
    }

    @Test
    void restarted() {
        SERVER.server().stop();
        awaitNotLeading();
        topology.primary().kill9();
        assertNothingIsDone();
        SERVER.server().startAgain();
        assertRecoversOnce();
        assertTroubleWasTold("");
    }

    @Test
    void itsLeaseIsLockedBySomebody() throws SQLException {
        try (Connection other = SERVER.server().connect();
                Statement statement = other.createStatement()) {
            statement.execute("USE " + schema);
            statement.execute("START TRANSACTION");
            statement.execute("SELECT * FROM orc_lease FOR UPDATE");
            awaitNotLeading();
            topology.primary().kill9();
            assertNothingIsDone();
            statement.execute("ROLLBACK");
        }
        assertRecoversOnce();
    }

    @Test
    void slow() {
        way.delay(Duration.ofMillis(500));
        topology.primary().kill9();
        await().during(Duration.ofSeconds(6))
                .atMost(PATIENCE)
                .until(() -> writers().size() <= 1);
        way.heal();
        assertRecoversOnce();
    }

    @Test
    void connectionsBreakAgainAndAgain() {
        topology.primary().kill9();
        for (int i = 0; i < 12; i++) {
            way.cutAfter(900L * i);
            await().during(Duration.ofMillis(250)).until(() -> writers().size() <= 1);
            way.heal();
            await().during(Duration.ofMillis(100)).until(() -> writers().size() <= 1);
        }
        assertRecoversOnce();
    }

    @Test
    void whatBreaksInTheMiddleOfATransactionIsWholeOrNotThere() {
        List<InstanceKey> ten = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new InstanceKey("db" + i, 3306))
                .toList();
        int refused = 0;
        int granted = 0;
        for (long bytes = 0; bytes < 900; bytes += 23) {
            way.cutAfter(bytes);
            try {
                backend.locks().acquire(LockRequest.of(ten, List.of()), TESTER, "x".repeat(200), Duration.ofMinutes(5));
                granted++;
            } catch (OrchestratorException e) {
                refused++;
            }
            way.heal();
            long there = witness.locks().active().stream()
                    .filter(l -> ten.contains(l.instance()))
                    .count();
            assertThat(there).as("cut after %d bytes", bytes).isIn(0L, 10L);
            ten.forEach(witness.locks()::end);
        }
        assertThat(refused).isPositive();
        assertThat(granted + refused).isEqualTo(40);
    }

    private void awaitNotLeading() {
        await().atMost(PATIENCE).until(() -> engine.leaderElection().standing() != Standing.LEADING);
    }

    private void assertNothingIsDone() {
        await().during(Duration.ofSeconds(4))
                .atMost(PATIENCE)
                .until(() -> engine.leaderElection().standing() != Standing.LEADING
                        && writers().isEmpty());
        for (int i = 1; i < 3; i++) {
            assertThat(topology.server(i).replicaStatus())
                    .containsEntry("Replica_SQL_Running", "Yes")
                    .containsEntry(
                            "Source_Port", Integer.toString(topology.primary().port()));
        }
    }

    private List<DatabaseServer> writers() {
        return IntStream.range(1, 3)
                .mapToObj(topology::server)
                .filter(s -> "0".equals(s.queryValue("SELECT @@global.read_only")))
                .toList();
    }

    private void assertRecoversOnce() {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(OrchestratorException.class)
                .until(() -> records().stream().anyMatch(RecoveryRecord::successful)
                        && records().stream().noneMatch(RecoveryRecord::isActive));
        assertThat(records().stream().filter(RecoveryRecord::successful)).hasSize(1);
        assertThat(writers()).hasSize(1);
        DatabaseServer promoted = writers().get(0);
        DatabaseServer follower = topology.server(promoted == topology.server(1) ? 2 : 1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(follower.replicaStatus())
                        .containsEntry("Source_Port", Integer.toString(promoted.port()))
                        .containsEntry("Replica_IO_Running", "Yes"));
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(OrchestratorException.class)
                .until(() -> witness.locks().active().isEmpty());
    }

    private void assertTroubleWasTold(String why) {
        List<BackendChanged> news = events.stream()
                .filter(BackendChanged.class::isInstance)
                .map(BackendChanged.class::cast)
                .toList();
        assertThat(news).anyMatch(n -> !n.available() && n.message().contains(why) && n.at() != null);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events.stream()
                                .filter(BackendChanged.class::isInstance)
                                .map(BackendChanged.class::cast))
                        .last()
                        .matches(BackendChanged::available));
    }

    private List<RecoveryRecord> records() {
        return witness.recoveries().find(RecoveryFilter.all(0, 10));
    }
}
