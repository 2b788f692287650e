package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Door;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockImpactTest {
    private static final InstanceKey PRIMARY = new InstanceKey("db1", 3306);
    private static final InstanceKey A = new InstanceKey("db2", 3306);
    private static final InstanceKey B = new InstanceKey("db3", 3306);
    private static final InstanceKey ELSEWHERE = new InstanceKey("db9", 3306);
    private long ids;

    private LockInfo lock(InstanceKey key, Door door, String token) {
        return lock(key, door, token, false);
    }

    private LockInfo maintenance(InstanceKey key, Door door) {
        return lock(key, door, LockRequest.forMaintenance(key).newToken());
    }

    private LockInfo lock(InstanceKey key, Door door, String token, boolean shared) {
        return new LockInfo(
                ++ids,
                key,
                new Actor("alice", door, "n"),
                "backup",
                token,
                Instant.EPOCH,
                Instant.EPOCH,
                Duration.ofSeconds(7),
                shared);
    }

    private static LockImpact impact(LockInfo... locks) {
        return LockImpact.of(PRIMARY, List.of(A, B), List.of(locks));
    }

    @Test
    void noLocksMeanNothing() {
        assertThat(impact()).isEqualTo(LockImpact.NONE);
    }

    @Test
    void aLockElsewhereMeansNothing() {
        assertThat(impact(lock(ELSEWHERE, Door.CLI, "t"))).isEqualTo(LockImpact.NONE);
    }

    @Test
    void aPersonsLockOnAReplicaExcludesIt() {
        LockImpact impact = impact(maintenance(A, Door.CLI));
        assertThat(impact.refusing()).isNull();
        assertThat(impact.excluded()).containsOnlyKeys(A);
        assertThat(impact.excluded().get(A)).contains("alice", "backup", "7 s");
    }

    @Test
    void severalPersonsLocksExcludeEachTheirOwn() {
        assertThat(impact(maintenance(A, Door.CLI), maintenance(B, Door.HTTP)).excluded())
                .containsOnlyKeys(A, B);
    }

    @Test
    void anyLockOnTheFailedPrimaryRefuses() {
        LockInfo onPrimary = maintenance(PRIMARY, Door.CLI);
        assertThat(impact(maintenance(A, Door.CLI), onPrimary).refusing()).isEqualTo(onPrimary);
    }

    @Test
    void aChangeOfOneServerRefusesAlthoughAPersonOrderedIt() {
        LockInfo change = lock(A, Door.CLI, "t");
        assertThat(impact(maintenance(B, Door.CLI), change).refusing()).isEqualTo(change);
        assertThat(LockWords.describe(change)).contains("being changed by alice");
        assertThat(LockWords.describe(maintenance(A, Door.CLI))).contains("in maintenance by alice");
    }

    @Test
    void theEnginesOwnLockRefuses() {
        assertThat(impact(lock(B, Door.AUTOMATIC, "t")).refusing()).isNotNull();
    }

    @Test
    void aSharedLockMeansNothingWhereverItIsAndWhoeverHoldsIt() {
        assertThat(impact(
                        lock(PRIMARY, Door.CLI, "t", true),
                        lock(A, Door.HTTP, "u", true),
                        lock(B, Door.AUTOMATIC, "v", true)))
                .isEqualTo(LockImpact.NONE);
    }

    @Test
    void aMoveOfOneOfOursRefusesAlthoughItsSourceIsOnlyShared() {
        assertThat(impact(lock(B, Door.HTTP, "t"), lock(ELSEWHERE, Door.HTTP, "t", true))
                        .refusing())
                .isNotNull();
    }

    @Test
    void anOperationOverSeveralServersRefusesEvenIfOnlyOneIsOurs() {
        assertThat(impact(lock(B, Door.HTTP, "t"), lock(ELSEWHERE, Door.HTTP, "t"))
                        .refusing())
                .isNotNull();
    }

    @Test
    void besideOnesOwnLocksOnlyThoseOfOthersCount() {
        LockInfo own = lock(A, Door.AUTOMATIC, "own");
        assertThat(besideOwn(own)).isEqualTo(LockImpact.NONE);
        assertThat(besideOwn(own, maintenance(B, Door.CLI)).excluded()).containsOnlyKeys(B);
    }

    private static LockImpact besideOwn(LockInfo... active) {
        return LockImpact.beside(PRIMARY, List.of(A, B), List.of(active), "own", List.of(PRIMARY, A));
    }

    @Test
    void onlyALockThatRefusesIsARefusal() {
        Decision decision = new Decision(null, List.of(), null);
        assertThat(LockImpact.NONE.refusal(decision)).isEmpty();
        assertThat(impact(lock(PRIMARY, Door.CLI, "t")).refusal(decision).flatMap(Decision::refusal))
                .get()
                .extracting(GateVerdict::refusal)
                .isEqualTo(RefusalReason.LOCKED);
    }
}
