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
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.spi.Credentials;
import dev.orchestrator.spi.IntentStore.FenceState;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real servers, the whole engine with its default settings, and a backend in memory. */
@RealServers
class RealRecoveryTest {
    private static final Logger log = LoggerFactory.getLogger(RealRecoveryTest.class);
    private static final Actor TESTER = new Actor("tester", Door.API, "here");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);

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
        RecoveryRecord record = newest();
        assertThat(record.successful()).as("%s", record.errors()).isTrue();
        return record;
    }

    private RecoveryRecord newest() {
        return backend.recoveries().find(RecoveryStore.Filter.all(0, 1)).get(0);
    }

    private DatabaseServer server(InstanceKey key) {
        return topology.topology().servers().stream()
                .filter(s -> s.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private DatabaseServer successor(RecoveryRecord record) {
        return server(requireNonNull(record.successor()));
    }

    private void tell(Instant begun, RecoveryRecord record) {
        log.info(
                "after the fault: detected {}, confirmed {}, begun {}, promoted {}, repointed {} ms",
                millis(begun, record.detectedAt()),
                millis(begun, record.confirmedAt()),
                millis(begun, record.startedAt()),
                millis(begun, record.promotedAt()),
                millis(begun, record.repointedAt()));
        for (RecoveryStepRecord step : backend.recoveries().steps(record.uid())) {
            log.info(
                    "{} ms {} {} {}: {} {} ({} ms)",
                    millis(begun, step.at()),
                    step.phase(),
                    step.instance(),
                    step.description(),
                    step.state(),
                    step.result(),
                    step.duration().toMillis());
        }
    }

    private static long millis(Instant begun, @Nullable Instant at) {
        return at == null ? -1 : Duration.between(begun, at).toMillis();
    }

    @Test
    void aKilledPrimaryIsReplacedWithinMomentsAndNothingReceivedIsLost() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(200, PATIENCE);
            Instant killed = Instant.now();
            topology.primary().kill9();
            RecoveryRecord record = awaitRecovery();
            DatabaseServer promoted = successor(record);
            writer.switchTo(promoted);
            writer.awaitAcknowledgedBy(promoted.key(), PATIENCE);
            tell(killed, record);

            assertThat(record.lostReplicas()).as("%s", record.errors()).isEmpty();
            assertThat(millis(killed, record.promotedAt())).isLessThan(3000);
            for (DatabaseServer replica : topology.topology().replicas()) {
                if (replica != promoted) {
                    assertThat(replica.replicaStatus()).containsEntry("Replica_IO_Running", "Yes");
                    replica.awaitExecuted(promoted.executedGtids(), PATIENCE);
                }
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(newest().firstWriteAt()).isNotNull());

            topology.primary().startAgain();
            await().atMost(PATIENCE)
                    .until(() -> !backend.intents().read().fences().stream()
                            .filter(f -> f.state() == FenceState.CLEAN || f.state() == FenceState.AHEAD)
                            .toList()
                            .isEmpty());
            assertThat(topology.primary().queryValue("SELECT @@super_read_only"))
                    .isEqualTo("1");
            GtidSet missing =
                    GtidSet.parse(topology.primary().executedGtids()).minus(GtidSet.parse(promoted.executedGtids()));
            await().untilAsserted(() -> assertThat(newest().lostGtids()).isEqualTo(missing));
        }
    }

    @Test
    void whatOnlyAReplicaWithABlockedApplierReceivedSurvives() throws Exception {
        DatabaseServer advanced = topology.server(2);
        topology.primary().execute("CREATE DATABASE test", "CREATE TABLE test.blocked (id INT PRIMARY KEY)");
        topology.topology().awaitReplication(PATIENCE);
        for (int other : List.of(1, 3)) {
            topology.server(other).execute("STOP REPLICA IO_THREAD");
        }
        try (Connection blocker = advanced.connect();
                Statement lock = blocker.createStatement()) {
            lock.execute("LOCK TABLES test.blocked READ");
            topology.primary()
                    .execute("INSERT INTO test.blocked VALUES (1), (2), (3)", "INSERT INTO test.blocked VALUES (4)");
            GtidSet all = GtidSet.parse(topology.primary().executedGtids());
            await().atMost(PATIENCE)
                    .until(() -> GtidSet.parse(
                                    requireNonNull(advanced.replicaStatus().get("Retrieved_Gtid_Set")))
                            .union(GtidSet.parse(advanced.executedGtids()))
                            .contains(all));
            Instant killed = Instant.now();
            topology.primary().kill9();
            for (int other : List.of(1, 3)) {
                topology.server(other).execute("START REPLICA IO_THREAD");
            }
            await().atMost(PATIENCE)
                    .until(() -> events.stream()
                            .anyMatch(e -> e instanceof OrchestratorEvent.RecoveryStepped s
                                    && s.step().phase().equals("drain")));
            await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
            for (DatabaseServer replica : topology.topology().replicas()) {
                assertThat(replica.queryValue("SELECT @@read_only")).isEqualTo("1");
            }
            lock.execute("UNLOCK TABLES");
            RecoveryRecord record = awaitRecovery();
            tell(killed, record);

            assertThat(record.successor()).isEqualTo(advanced.key());
            assertThat(record.gtidsAtPromotion()).isEqualTo(all);
            assertThat(record.lostReplicas()).as("%s", record.errors()).isEmpty();
            for (DatabaseServer replica : topology.topology().replicas()) {
                if (replica != advanced) {
                    replica.awaitExecuted(all.toString(), PATIENCE);
                }
                assertThat(replica.queryValue("SELECT COUNT(*) FROM test.blocked"))
                        .isEqualTo("4");
            }
        }
    }

    @Test
    void aForbiddenReplicaHandsOnWhatOnlyItReceived() {
        DatabaseServer advanced = topology.server(2);
        backend.intents().setPromotionRule(advanced.key(), PromotionRule.MUST_NOT, Duration.ofHours(1));
        topology.primary().execute("CREATE DATABASE test", "CREATE TABLE test.handed (id INT PRIMARY KEY)");
        topology.topology().awaitReplication(PATIENCE);
        for (int other : List.of(1, 3)) {
            topology.server(other).execute("STOP REPLICA IO_THREAD");
        }
        topology.primary().execute("INSERT INTO test.handed VALUES (1)", "INSERT INTO test.handed VALUES (2)");
        String all = topology.primary().executedGtids();
        advanced.awaitExecuted(all, PATIENCE);
        Instant killed = Instant.now();
        topology.primary().kill9();
        for (int other : List.of(1, 3)) {
            topology.server(other).execute("START REPLICA IO_THREAD");
        }
        RecoveryRecord record = awaitRecovery();
        tell(killed, record);

        assertThat(record.successor()).isNotEqualTo(advanced.key());
        assertThat(record.gtidsAtPromotion()).isEqualTo(GtidSet.parse(all));
        assertThat(successor(record).queryValue("SELECT COUNT(*) FROM test.handed"))
                .isEqualTo("2");
        assertThat(record.lostReplicas()).as("%s", record.errors()).isEmpty();
    }

    @Test
    void aFrozenPrimaryIsReplacedAndFencedTheMomentItIsThawed() {
        try (ContinuousWriter writer = ContinuousWriter.start(topology.primary())) {
            writer.awaitAcknowledged(200, PATIENCE);
            Instant frozen = Instant.now();
            topology.primary().freeze();
            RecoveryRecord record = awaitRecovery();
            tell(frozen, record);
            assertThat(millis(frozen, record.promotedAt())).isLessThan(8000);
            DatabaseServer promoted = successor(record);
            writer.switchTo(promoted);
            writer.awaitAcknowledgedBy(promoted.key(), PATIENCE);

            Instant thawed = Instant.now();
            topology.primary().thaw();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> "1".equals(topology.primary().queryValue("SELECT @@super_read_only")));
            log.info("super-read-only {} ms after the thaw", millis(thawed, Instant.now()));
            await().atMost(PATIENCE)
                    .until(() -> backend.intents().read().fences().stream()
                            .anyMatch(f -> f.state() == FenceState.CLEAN || f.state() == FenceState.AHEAD));
            GtidSet alone =
                    GtidSet.parse(topology.primary().executedGtids()).minus(GtidSet.parse(promoted.executedGtids()));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(newest().lostGtids()).isEqualTo(alone));
            assertThat(engine.fleet().instance(promoted.key()).map(Instance::isWritable))
                    .hasValue(true);
        }
    }
}
