package dev.orchestrator.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Door;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.spi.Credentials;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.SemiSync;
import dev.orchestrator.testkit.ServerPackage;
import dev.orchestrator.testkit.TopologyExtension;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With semi-sync, nothing that was acknowledged to a client is lost, whoever holds it. */
@RealServers
class RealSemiSyncRecoveryTest {
    private static final Actor TESTER = new Actor("tester", Door.API, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.of(
            ReplicationTopology.primaryWithReplicas(3).on(ServerPackage.MYSQL_9).semiSync(SemiSync.lossless()));

    private final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final OrchestratorEngine engine = OrchestratorEngine.builder()
            .backend(backend)
            .credentials(key -> new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD))
            .config(OrchestratorConfig.builder()
                    .nodeName("test")
                    .primaryRecoveryFilters(List.of("*"))
                    .build())
            .build();

    @BeforeEach
    void watchTheTopology() {
        engine.addListener(events::add);
        engine.start();
        await().atMost(PATIENCE).until(() -> engine.leaderElection().standing() == Standing.LEADING);
        engine.discover(topology.primary().key(), TESTER);
        await().atMost(PATIENCE)
                .until(() -> engine.fleet().members().stream()
                                .filter(FleetMember::isReachable)
                                .count()
                        == 4);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private RecoveryRecord awaitRecovery() {
        await().atMost(PATIENCE)
                .until(() -> events.stream().anyMatch(OrchestratorEvent.RecoveryEnded.class::isInstance));
        RecoveryRecord record =
                backend.recoveries().find(RecoveryStore.Filter.all(0, 1)).get(0);
        assertThat(record.successful()).as("%s", record.errors()).isTrue();
        return record;
    }

    private DatabaseServer successor(RecoveryRecord record) {
        return topology.topology().servers().stream()
                .filter(s -> s.key().equals(requireNonNull(record.successor())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyAcknowledgedWriteSurvivesACrash() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(300, PATIENCE);
            topology.primary().kill9();
            RecoveryRecord record = awaitRecovery();
            DatabaseServer promoted = successor(record);
            assertThat(promoted.queryValue("SELECT @@rpl_semi_sync_source_enabled"))
                    .isEqualTo("1");
            writer.switchTo(promoted);
            writer.awaitAcknowledgedBy(promoted.key(), PATIENCE);
            assertThat(writer.missingOn(promoted)).isEmpty();
            assertThat(record.lostReplicas()).as("%s", record.errors()).isEmpty();
        }
    }

    @Test
    void whatOnlyAReplicaWithABlockedApplierAcknowledgedSurvivesACrash() throws Exception {
        DatabaseServer acker = topology.server(2);
        topology.primary().execute("CREATE DATABASE shop", "CREATE TABLE shop.acked (id INT PRIMARY KEY)");
        topology.topology().awaitReplication(PATIENCE);
        for (int other : List.of(1, 3)) {
            topology.server(other).execute("STOP REPLICA IO_THREAD");
        }
        try (Connection blocker = acker.connect();
                Statement lock = blocker.createStatement()) {
            lock.execute("LOCK TABLES shop.acked READ");
            // Returns only because the blocked one acknowledged it.
            topology.primary().execute("INSERT INTO shop.acked VALUES (1)");
            GtidSet all = GtidSet.parse(topology.primary().executedGtids());
            topology.primary().kill9();
            for (int other : List.of(1, 3)) {
                topology.server(other).execute("START REPLICA IO_THREAD");
            }
            await().atMost(PATIENCE)
                    .until(() -> events.stream()
                            .anyMatch(e -> e instanceof OrchestratorEvent.RecoveryStepped s
                                    && s.step().phase().equals("drain")));
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            lock.execute("UNLOCK TABLES");
            RecoveryRecord record = awaitRecovery();

            assertThat(record.gtidsAtPromotion()).isNotNull();
            assertThat(requireNonNull(record.gtidsAtPromotion()).contains(all)).isTrue();
            assertThat(successor(record).queryValue("SELECT COUNT(*) FROM shop.acked"))
                    .isEqualTo("1");
        }
    }
}
