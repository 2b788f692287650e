package dev.orchestrator.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A primary that fails, without semi-sync. */
@RealServers
class RealRecoveryTest extends RecoveryOnRealServers {
    private static final Logger log = LoggerFactory.getLogger(RealRecoveryTest.class);

    RealRecoveryTest() {
        super(TopologyExtension.primaryWithReplicas(3));
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
                    .until(() -> !backend.fences().standing().stream()
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
            await().during(Duration.ofMillis(1500))
                    .atMost(PATIENCE)
                    .until(() -> topology.topology().replicas().stream()
                            .allMatch(r -> "1".equals(r.queryValue("SELECT @@read_only"))));
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
                    .until(() -> backend.fences().standing().stream()
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
