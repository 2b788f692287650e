package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.RecoveryStore.Registration.Outcome;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of fences does. */
abstract class FenceStoreContract extends StoreContract {
    private static final ClusterId MAIN = new ClusterId("main-id");
    private static final Duration HOUR = Duration.ofHours(1);
    private FenceStore fences;
    private Right right;

    FenceStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        fences = backend.fences();
        Lease lease = backend.leases().acquire("leader", "node-1", HOUR).orElseThrow();
        right = new Right.UnderLease(lease);
    }

    private static Fence fence(String recovery, FenceState state, String note) {
        return new Fence("uuid-1", DB1, MAIN, DB3, recovery, state, note, Samples.AT);
    }

    private static Fence pending(String recovery) {
        return fence(recovery, FenceState.PENDING, "");
    }

    private RecoveryRecord registered(String uid) {
        RecoveryRecord record = Samples.recovery(uid, MAIN);
        assertThat(backend.recoveries().register(record, right).outcome()).isEqualTo(Outcome.REGISTERED);
        return record;
    }

    private RecoveryRecord naming(String uid) {
        RecoveryRecord named = registered(uid).toBuilder()
                .successor(DB3)
                .successorUuid("uuid-3")
                .build();
        assertThat(update(named, right)).isTrue();
        return named;
    }

    @Test
    void keepsAFenceThroughItsStates() {
        naming("r1");
        assertThat(fences.standing()).isEmpty();
        assertThat(fences.add(fence("r1", FenceState.PENDING, WILD), right)).isTrue();
        assertThat(fences.add(fence("r1", FenceState.PENDING, WILD), right))
                .as("an answer was lost")
                .isTrue();
        assertThat(fences.standing()).containsExactly(fence("r1", FenceState.PENDING, WILD));
        assertThat(fences.update(pending("r1"), FenceState.AHEAD, "has 5 more", right))
                .isTrue();
        assertThat(fences.standing()).containsExactly(fence("r1", FenceState.AHEAD, "has 5 more"));
        assertThat(fences.update(pending("r1"), FenceState.LIFTED, "by anne", right))
                .isTrue();
        assertThat(fences.update(pending("r1"), FenceState.FENCED, "by one who has not heard of it", right))
                .isFalse();
        assertThat(fences.standing()).isEmpty();
        assertThat(fences.add(pending("r1"), right)).isTrue();
        assertThat(fences.standing()).containsExactly(pending("r1"));
    }

    @Test
    void onlyLiftedFencesAreRemovedAsOld() {
        naming("r1");
        fences.add(pending("r1"), right);
        assertThat(fences.purge(Duration.ZERO)).isZero();
        fences.update(pending("r1"), FenceState.LIFTED, "by anne", right);
        assertThat(fences.purge(Duration.ofDays(1))).isZero();
        assertThat(fences.purge(Duration.ZERO)).isOne();
    }

    @Test
    void holdsFromTheRecordNamingASuccessorUntilItSaysThatThereWasNone() {
        RecoveryRecord begun = registered("r1");
        fences.add(pending("r1"), right);
        assertThat(fences.standing()).as("nobody is to be promoted yet").isEmpty();
        RecoveryRecord named = begun.toBuilder().successor(DB3).build();
        update(named, right);
        assertThat(fences.standing()).containsExactly(pending("r1"));
        RecoveryRecord failed =
                named.toBuilder().endedAt(Samples.AT.plusSeconds(1)).build();
        update(failed, right);
        assertThat(fences.standing()).as("its successor may be writable").containsExactly(pending("r1"));
        update(failed.toBuilder().successor(null).build(), right);
        assertThat(fences.standing()).as("nobody was made writable").isEmpty();
    }

    @Test
    void holdsOnASuccessorThatDiedThoughNobodyTookOver() {
        RecoveryRecord named = naming("r1");
        assertThat(named.failed()).isEqualTo(DB1);
        Fence dead = new Fence("uuid-3", DB3, MAIN, DB1, "r1", FenceState.PENDING, "may be writable", Samples.AT);
        assertThat(fences.add(dead, right)).isTrue();
        assertThat(fences.add(pending("r1"), right)).isTrue();
        update(
                named.toBuilder()
                        .successor(null)
                        .endedAt(Samples.AT.plusSeconds(1))
                        .build(),
                right);
        assertThat(fences.standing()).containsExactly(dead);
    }

    @Test
    void aFenceThatComesLateForAnEndedRecoveryIsNotWritten() {
        RecoveryRecord named = naming("r1");
        update(
                named.toBuilder()
                        .successor(null)
                        .endedAt(Samples.AT.plusSeconds(1))
                        .build(),
                right);
        assertThat(fences.add(pending("r1"), right)).isFalse();
        assertThat(fences.add(pending("never registered"), right)).isFalse();
        assertThat(fences.standing()).isEmpty();
    }

    @Test
    void aDeposedLeaderNeitherFencesNorLifts() {
        naming("r1");
        Right next = new Right.UnderLease(backend.leases().seize("leader", "node-2", HOUR));
        assertThat(fences.add(pending("r1"), right)).isFalse();
        assertThat(fences.add(pending("r1"), next)).isTrue();
        assertThat(fences.update(pending("r1"), FenceState.LIFTED, "given up", right))
                .isFalse();
        assertThat(fences.standing()).containsExactly(pending("r1"));
    }

    @Test
    void anOperationWhoseLockIsLostNeitherFencesNorLifts() {
        naming("r1");
        String token = backend.locks()
                .acquire(LockRequest.of(List.of(DB1, DB3), List.of()), ANNE, "switchover", HOUR)
                .token();
        Right locks = new Right.UnderLock(Objects.requireNonNull(token));
        assertThat(fences.add(pending("r1"), locks)).isTrue();
        assertThat(fences.update(pending("r1"), FenceState.CLEAN, "handed over", locks))
                .isTrue();
        backend.locks().end(DB3);
        assertThat(fences.add(pending("r1"), locks)).isFalse();
        assertThat(fences.update(pending("r1"), FenceState.LIFTED, "late", locks))
                .isFalse();
        assertThat(fences.standing()).containsExactly(fence("r1", FenceState.CLEAN, "handed over"));
    }

    @Test
    void oneRecoveryDoesNotLiftTheFenceOfAnother() {
        RecoveryRecord first = naming("r1");
        fences.add(pending("r1"), right);
        update(Samples.ended(first, Samples.AT), right);
        naming("r2");
        assertThat(fences.add(pending("r2"), right)).isTrue();
        assertThat(fences.update(pending("r1"), FenceState.LIFTED, "given up", right))
                .isFalse();
        assertThat(fences.standing()).containsExactly(pending("r2"));
    }

    @Test
    void endsByRuleOnlyWhileNoRecoveryOfItsClusterIsUnderWay() {
        RecoveryRecord first = naming("r1");
        fences.add(pending("r1"), right);
        assertThat(fences.end(pending("r1"), "rebuilt", right)).isFalse();
        update(Samples.ended(first, Samples.AT), right);
        RecoveryRecord second = registered("r2");
        assertThat(fences.end(pending("r1"), "rebuilt", right)).isFalse();
        update(Samples.ended(second, Samples.AT), right);
        assertThat(fences.end(pending("r2"), "rebuilt", right))
                .as("another recovery's")
                .isFalse();
        assertThat(fences.standing()).containsExactly(pending("r1"));
        assertThat(fences.end(pending("r1"), "rebuilt", right)).isTrue();
        assertThat(fences.end(pending("r1"), "rebuilt", right)).isFalse();
        assertThat(fences.standing()).isEmpty();
    }

    @Test
    void outlivesTheRecordOfItsRecovery() {
        RecoveryRecord done = naming("r1");
        fences.add(pending("r1"), right);
        update(Samples.ended(done, Samples.AT), right);
        RecoveryRecord nobody = Samples.recovery("r2", MAIN);
        backend.recoveries().register(nobody, right);
        fences.add(new Fence("uuid-2", DB2, MAIN, DB3, "r2", FenceState.PENDING, "", Samples.AT), right);
        update(nobody.toBuilder().endedAt(Samples.AT).build(), right);
        assertThat(backend.recoveries().purge(Duration.ofSeconds(1))).isEqualTo(2);
        assertThat(fences.standing()).containsExactly(pending("r1"));
    }

    @Test
    void whatWasDoneWhileTheBackendWasAwayIsBroughtUnlessSomebodyElseEndedIt() {
        RecoveryRecord begun = Samples.recovery("r1", MAIN);
        Right journal = new Right.OfJournal(begun.nodeToken());
        backend.recoveries().register(begun, journal);
        update(Samples.ended(begun, Samples.AT), journal);
        assertThat(fences.add(pending("r1"), journal)).isTrue();
        assertThat(fences.standing()).containsExactly(pending("r1"));
        assertThat(fences.add(pending("r1"), new Right.OfJournal("somebody else")))
                .isFalse();
    }
}
