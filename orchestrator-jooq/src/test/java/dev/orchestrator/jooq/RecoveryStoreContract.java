package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord.State;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.RecoveryStore.Registration.Outcome;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every store of recoveries does. */
abstract class RecoveryStoreContract extends StoreContract {
    private static final ClusterId MAIN = new ClusterId("main-id");
    private static final Duration HOUR = Duration.ofHours(1);
    private RecoveryStore recoveries;
    private Lease lease;
    private Right right;

    RecoveryStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        recoveries = backend.recoveries();
        lease = backend.leases().acquire("leader", "node-1", HOUR).orElseThrow();
        right = new Right.UnderLease(lease);
    }

    private RecoveryRecord only(RecoveryFilter filter) {
        List<RecoveryRecord> found = recoveries.find(filter);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private RecoveryRecord registered(String uid, ClusterId cluster) {
        RecoveryRecord record = Samples.recovery(uid, cluster);
        assertThat(recoveries.register(record, right).outcome()).isEqualTo(Outcome.REGISTERED);
        return record;
    }

    private RecoveryRecord ended(String uid, ClusterId cluster) {
        RecoveryRecord record =
                Samples.ended(registered(uid, cluster), Instant.now().minusSeconds(60));
        assertThat(update(record, right)).isTrue();
        return record;
    }

    @Test
    void readsARecoveryAsItWasWritten() {
        RecoveryRecord begun = registered("r1", MAIN);
        RecoveryRecord stored = only(RecoveryFilter.byUid("r1"));
        assertThat(stored.id()).isPositive();
        assertThat(stored).isEqualTo(begun.toBuilder().id(stored.id()).build());
        RecoveryRecord ended = Samples.ended(stored, Samples.AT.plusSeconds(1)).toBuilder()
                .version(7)
                .build();
        assertThat(recoveries.update(ended, right)).isTrue();
        assertThat(only(RecoveryFilter.byUid("r1"))).isEqualTo(ended);
    }

    @Test
    void allowsOneActiveRecoveryPerCluster() {
        registered("r1", MAIN);
        Registration refused = recoveries.register(Samples.recovery("r2", MAIN), right);
        assertThat(refused.outcome()).isEqualTo(Outcome.CLUSTER_BUSY);
        assertThat(refused.other()).isNotNull().extracting(RecoveryRecord::uid).isEqualTo("r1");
        registered("r3", new ClusterId("another"));
        assertThat(recoveries.find(RecoveryFilter.active()))
                .extracting(RecoveryRecord::uid)
                .containsExactly("r3", "r1");
        update(Samples.ended(Samples.recovery("r1", MAIN), Samples.AT), right);
        registered("r4", MAIN);
    }

    @Test
    void registersTheSameRecoveryTwiceAsOne() {
        registered("r1", MAIN);
        registered("r1", MAIN);
        assertThat(recoveries.find(RecoveryFilter.all(0, 10))).hasSize(1);
    }

    @Test
    void refusesALeaseThatIsNotTheCurrentOne() {
        RecoveryRecord begun = registered("r1", MAIN);
        backend.leases().seize("leader", "node-2", HOUR);
        RecoveryRecord other = Samples.recovery("r2", new ClusterId("another"));
        assertThat(recoveries.register(other, right).outcome()).isEqualTo(Outcome.STALE_EPOCH);
        assertThat(update(begun.toBuilder().successful(true).build(), right)).isFalse();
        assertThat(update(Samples.ended(begun, Samples.AT), right)).isFalse();
        assertThat(only(RecoveryFilter.active()).successful()).isFalse();
        Lease forged = new Lease("leader", "node-1", "forged", lease.epoch() + 1, HOUR);
        assertThat(recoveries.register(other, new Right.UnderLease(forged)).outcome())
                .isEqualTo(Outcome.STALE_EPOCH);
    }

    @Test
    void refusesALeaseThatHasRunOut() {
        backend.leases().vacate("leader");
        assertThat(recoveries.register(Samples.recovery("r1", MAIN), right).outcome())
                .isEqualTo(Outcome.STALE_EPOCH);
        assertThat(recoveries.find(RecoveryFilter.all(0, 10))).isEmpty();
    }

    private Right locks() {
        String token = backend.locks()
                .acquire(LockRequest.of(List.of(DB1, DB2), List.of()), ANNE, "switchover", HOUR)
                .token();
        return new Right.UnderLock(Objects.requireNonNull(token));
    }

    @Test
    void takesAPersonsOrderUnderItsLocksWithoutALease() {
        backend.leases().vacate("leader");
        Right locks = locks();
        RecoveryRecord begun = Samples.recovery("r1", MAIN);
        assertThat(recoveries.register(begun, locks).outcome()).isEqualTo(Outcome.REGISTERED);
        assertThat(update(begun.toBuilder().lossNote("x").build(), locks)).isTrue();
        assertThat(update(Samples.ended(begun, Samples.AT), locks)).isTrue();
        assertThat(recoveries.find(RecoveryFilter.active())).isEmpty();
        backend.locks().release(locks.writer());
        assertThat(update(Samples.ended(begun, Samples.AT.plusSeconds(1)), locks))
                .as("who ended it completes it")
                .isTrue();
    }

    @Test
    void refusesAPersonsOrderOfWhichOneLockIsLost() {
        Right locks = locks();
        RecoveryRecord begun = Samples.recovery("r1", MAIN);
        recoveries.register(begun, locks);
        assertThat(backend.locks().end(DB2)).isPresent();
        assertThat(update(begun.toBuilder().successor(DB2).build(), locks)).isFalse();
        assertThat(update(Samples.ended(begun, Samples.AT), locks)).isFalse();
        assertThat(recoveries
                        .register(Samples.recovery("r2", new ClusterId("another")), locks)
                        .outcome())
                .isEqualTo(Outcome.STALE_EPOCH);
        assertThat(only(RecoveryFilter.active()).successor()).isNull();
        assertThat(update(begun, new Right.UnderLock("never taken"))).isFalse();
    }

    @Test
    void refusesToWriteWhatSomebodyElseHasEnded() {
        RecoveryRecord begun = Samples.recovery("r1", MAIN);
        Right locks = locks();
        Right journal = new Right.OfJournal(begun.nodeToken());
        recoveries.register(begun, locks);
        update(Samples.ended(begun, Samples.AT), right);
        for (Right late : List.of(locks, journal)) {
            assertThat(update(begun.toBuilder().lossNote("late").build(), late)).isFalse();
            assertThat(update(Samples.ended(begun, Samples.AT.plusSeconds(9)), late))
                    .isFalse();
        }
        assertThat(only(RecoveryFilter.byUid("r1")).endedAt()).isEqualTo(Samples.AT);
        assertThat(update(Samples.recovery("unknown", MAIN), locks)).isFalse();
    }

    @Test
    void takesWhatWasDoneWhileTheBackendWasAway() {
        RecoveryRecord begun = Samples.recovery("r1", MAIN);
        Right journal = new Right.OfJournal(begun.nodeToken());
        assertThat(recoveries.register(begun, journal).outcome()).isEqualTo(Outcome.REGISTERED);
        assertThat(update(Samples.ended(begun, Samples.AT), journal)).isTrue();
        assertThat(update(Samples.ended(begun, Samples.AT.plusSeconds(1)), journal))
                .isTrue();
        assertThat(only(RecoveryFilter.byUid("r1")).endedAt()).isEqualTo(Samples.AT.plusSeconds(1));
    }

    @Test
    void letsALeaderCompleteWhatHasEnded() {
        RecoveryRecord ended = ended("r1", MAIN);
        Right next = new Right.UnderLease(backend.leases().seize("leader", "node-2", HOUR));
        RecoveryRecord completed =
                ended.toBuilder().lostGtids(Samples.gtids("100-105")).build();
        assertThat(update(completed, next)).isTrue();
        assertThat(update(completed.toBuilder().endedAt(null).build(), next))
                .as("nobody makes it active again")
                .isFalse();
        assertThat(only(RecoveryFilter.byUid("r1")).lostGtids()).isEqualTo(Samples.gtids("100-105"));
    }

    private static RecoveryRecord state(RecoveryRecord record, long version, String note) {
        return record.toBuilder().version(version).lossNote(note).build();
    }

    @Test
    void aStateThatArrivesLateOverwritesNoNewerOne() {
        RecoveryRecord begun = registered("r1", MAIN);
        assertThat(recoveries.update(state(begun, 2, "newer"), right)).isTrue();
        assertThat(recoveries.update(state(begun, 1, "late"), right)).isFalse();
        assertThat(recoveries.update(state(begun, 2, "another of the same number"), right))
                .isFalse();
        assertThat(only(RecoveryFilter.byUid("r1")).lossNote()).isEqualTo("newer");
        RecoveryRecord ended = Samples.ended(state(begun, 3, "ended"), Samples.AT);
        assertThat(recoveries.update(ended, right)).isTrue();
        assertThat(recoveries.update(state(ended, 2, "late"), right)).isFalse();
        assertThat(recoveries.update(state(ended, 4, "completed"), right)).isTrue();
        assertThat(only(RecoveryFilter.byUid("r1")).lossNote()).isEqualTo("completed");
    }

    private static RecoveryStepRecord step(State state, String result, long millis) {
        return new RecoveryStepRecord(
                "r1", 1, Samples.AT, "promote", DB2, "make it writable", state, result, Duration.ofMillis(millis));
    }

    @Test
    void aRowOfAStepThatArrivesLateOverwritesNoNewerOne() {
        recoveries.saveStep(step(State.RUNNING, "1 of 2", 0));
        recoveries.saveStep(step(State.FAILED, "once", 10));
        recoveries.saveStep(step(State.RUNNING, "late", 0));
        assertThat(recoveries.steps("r1")).containsExactly(step(State.FAILED, "once", 10));
        recoveries.saveStep(step(State.FAILED, "twice", 20));
        recoveries.saveStep(step(State.FAILED, "late", 10));
        assertThat(recoveries.steps("r1")).containsExactly(step(State.FAILED, "twice", 20));
        recoveries.saveStep(step(State.DONE, "", 30));
        recoveries.saveStep(step(State.RUNNING, "late", 0));
        recoveries.saveStep(step(State.FAILED, "late", 20));
        assertThat(recoveries.steps("r1")).containsExactly(step(State.DONE, "", 30));
    }

    @Test
    void doesNotUndoAnAcknowledgementByALateWrite() {
        RecoveryRecord begun = registered("r1", MAIN);
        assertThat(recoveries.acknowledge(RecoveryFilter.byUid("r1"), BOB, WILD))
                .isEqualTo(1);
        update(Samples.ended(begun, Samples.AT), right);
        RecoveryRecord stored = only(RecoveryFilter.byUid("r1"));
        assertThat(stored.acknowledged()).isTrue();
        assertThat(stored.acknowledgedBy()).isEqualTo("bob");
        assertThat(stored.acknowledgedComment()).isEqualTo(WILD);
        assertThat(stored.acknowledgedAt()).isNotNull();
        assertThat(recoveries.acknowledge(RecoveryFilter.byUid("r1"), ANNE, "again"))
                .isZero();
    }

    @Test
    void blocksUntilAcknowledgedOrThePeriodIsOver() {
        assertThat(recoveries.blocking(MAIN, HOUR)).isEmpty();
        registered("active", new ClusterId("other"));
        assertThat(recoveries.blocking(new ClusterId("other"), HOUR))
                .as("it has not ended")
                .isEmpty();
        ended("r1", MAIN);
        assertThat(recoveries.blocking(MAIN, HOUR))
                .extracting(RecoveryRecord::uid)
                .containsExactly("r1");
        ended("r2", MAIN);
        assertThat(recoveries.blocking(MAIN, HOUR))
                .as("each may block for another time")
                .extracting(RecoveryRecord::uid)
                .containsExactly("r2", "r1");
        recoveries.acknowledge(RecoveryFilter.byUid("r2"), BOB, "seen");
        assertThat(recoveries.blocking(MAIN, Duration.ofSeconds(30))).isEmpty();
        recoveries.acknowledge(RecoveryFilter.byUid("r1"), BOB, "seen");
        assertThat(recoveries.blocking(MAIN, HOUR)).isEmpty();
    }

    @Test
    void aRecoveryOfAnIntermediateSourceBlocksNothingButItself() {
        InstanceKey failed = InstanceKey.parse("db3:3306");
        RecoveryRecord moved = RecoveryRecord.builder(
                        "i1", MAIN, AnalysisCode.DEAD_INTERMEDIATE_SOURCE, failed, ANNE, Instant.now())
                .build();
        recoveries.register(moved, right);
        update(Samples.ended(moved, Instant.now().minusSeconds(60)), right);

        assertThat(recoveries.blocking(MAIN, HOUR)).isEmpty();
        assertThat(recoveries.blockingIntermediate(failed, HOUR))
                .extracting(RecoveryRecord::uid)
                .containsExactly("i1");
        assertThat(recoveries.blockingIntermediate(failed, Duration.ofSeconds(30)))
                .isEmpty();
        assertThat(recoveries.blockingIntermediate(InstanceKey.parse("other:3306"), HOUR))
                .isEmpty();
    }

    @Test
    void readsTheKindOfARecovery() {
        RecoveryRecord switchover = RecoveryRecord.builder(
                        "s1", MAIN, AnalysisCode.NO_PROBLEM, InstanceKey.parse("db1:3306"), ANNE, Instant.now())
                .type(RecoveryType.SWITCHOVER)
                .build();
        recoveries.register(switchover, right);
        assertThat(only(RecoveryFilter.byUid("s1")).type()).isEqualTo(RecoveryType.SWITCHOVER);
        assertThat(only(RecoveryFilter.byUid("s1")).analysis()).isEqualTo(AnalysisCode.NO_PROBLEM);
    }

    @ParameterizedTest
    @CsvSource({
        "GRACEFUL_TAKEOVER, SWITCHOVER",
        "DEAD_PRIMARY_AND_SOME_REPLICAS, DEAD_PRIMARY",
        "DEAD_INTERMEDIATE_SOURCE, DEAD_INTERMEDIATE_SOURCE"
    })
    void theKindOfARowOfAnOlderProgramFollowsFromItsAnalysis(String analysis, RecoveryType type) {
        registered("old", MAIN);
        place.execute("UPDATE orc_recovery SET recovery_type = NULL, analysis = '" + analysis + "'");
        assertThat(only(RecoveryFilter.byUid("old")).type()).isEqualTo(type);
    }

    @Test
    void findsByEveryFilterInPages() {
        ended("r1", MAIN);
        ended("r2", MAIN);
        ended("r3", new ClusterId("another"));
        assertThat(recoveries.find(RecoveryFilter.all(1, 1)))
                .extracting(RecoveryRecord::uid)
                .containsExactly("r2");
        long id = only(RecoveryFilter.byUid("r2")).id();
        assertThat(only(new RecoveryFilter(null, id, null, null, null, false, false, 0, 9))
                        .uid())
                .isEqualTo("r2");
        assertThat(recoveries.find(new RecoveryFilter(null, null, MAIN, null, null, false, false, 0, 9)))
                .hasSize(2);
        for (String name : List.of("db1:3306", "main")) {
            assertThat(recoveries.find(new RecoveryFilter(null, null, null, name, null, false, false, 0, 9)))
                    .hasSize(3);
        }
        assertThat(recoveries.find(new RecoveryFilter(null, null, null, "Main", null, false, false, 0, 9)))
                .isEmpty();
        assertThat(recoveries.find(new RecoveryFilter(null, null, null, null, DB1, false, false, 0, 9)))
                .hasSize(3);
        assertThat(recoveries.find(new RecoveryFilter(null, null, null, null, DB2, false, false, 0, 9)))
                .isEmpty();
        assertThat(recoveries.find(RecoveryFilter.active())).isEmpty();
        recoveries.acknowledge(new RecoveryFilter(null, null, MAIN, null, null, false, false, 0, 1), BOB, "all of it");
        assertThat(only(new RecoveryFilter(null, null, null, null, null, false, true, 0, 9))
                        .uid())
                .isEqualTo("r3");
    }

    @Test
    void writesStepsWhenTheyBeginAndWhenTheyEnd() {
        RecoveryStepRecord begun = new RecoveryStepRecord(
                "r1", 2, Samples.AT, "drain", DB3, WILD, RecoveryStepRecord.State.RUNNING, "", Duration.ZERO);
        RecoveryStepRecord done = new RecoveryStepRecord(
                "r1", 2, Samples.AT, "drain", DB3, WILD, RecoveryStepRecord.State.DONE, WILD, Duration.ofMillis(7));
        RecoveryStepRecord note = new RecoveryStepRecord(
                "r1", 1, Samples.AT, "confirm", null, "seen", RecoveryStepRecord.State.NOTE, "", Duration.ZERO);
        recoveries.saveStep(begun);
        recoveries.saveStep(note);
        assertThat(recoveries.steps("r1")).containsExactly(note, begun);
        recoveries.saveStep(done);
        assertThat(recoveries.steps("r1")).containsExactly(note, done);
        assertThat(recoveries.steps("r2")).isEmpty();
    }

    @Test
    void removesOldRecoveriesWithTheirSteps() {
        ended("r1", MAIN);
        registered("r2", MAIN);
        for (String uid : List.of("r1", "r2")) {
            recoveries.saveStep(new RecoveryStepRecord(
                    uid, 1, Samples.AT, "p", null, "d", RecoveryStepRecord.State.DONE, "", Duration.ZERO));
        }
        assertThat(recoveries.purge(HOUR)).isZero();
        assertThat(recoveries.purge(Duration.ofSeconds(10))).isEqualTo(1);
        assertThat(recoveries.steps("r1")).isEmpty();
        assertThat(recoveries.steps("r2")).hasSize(1);
        assertThat(recoveries.find(RecoveryFilter.active())).hasSize(1);
    }

    @Test
    void registersExactlyOneOfManyAtOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 10; round++) {
                ClusterId cluster = new ClusterId("c" + round);
                List<Future<Registration>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    RecoveryRecord record = Samples.recovery("r" + round + "-" + i, cluster);
                    all.add(pool.submit(() -> recoveries.register(record, right)));
                }
                int won = 0;
                for (Future<Registration> one : all) {
                    Registration r = one.get(30, TimeUnit.SECONDS);
                    won += r.outcome() == Outcome.REGISTERED ? 1 : 0;
                    assertThat(r.outcome()).isNotEqualTo(Outcome.STALE_EPOCH);
                }
                assertThat(won).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
