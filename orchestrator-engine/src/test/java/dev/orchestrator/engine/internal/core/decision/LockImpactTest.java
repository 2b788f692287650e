package dev.orchestrator.engine.internal.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.Origin;
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

    private LockInfo lock(InstanceKey key, Origin origin, String token) {
        return lock(key, origin, token, false);
    }

    private LockInfo maintenance(InstanceKey key, Origin origin) {
        return lock(key, origin, LockRequest.forMaintenance(key).newToken());
    }

    private LockInfo lock(InstanceKey key, Origin origin, String token, boolean shared) {
        return new LockInfo(
                ++ids,
                key,
                new Actor("alice", origin, "n"),
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
        assertThat(impact(lock(ELSEWHERE, Origin.CLI, "t"))).isEqualTo(LockImpact.NONE);
    }

    @Test
    void aPersonsLockOnAReplicaExcludesIt() {
        LockImpact impact = impact(maintenance(A, Origin.CLI));
        assertThat(impact.refusing()).isNull();
        assertThat(impact.excluded()).containsOnlyKeys(A);
        assertThat(impact.excluded().get(A)).contains("alice", "backup", "7 s");
    }

    @Test
    void severalPersonsLocksExcludeEachTheirOwn() {
        assertThat(impact(maintenance(A, Origin.CLI), maintenance(B, Origin.HTTP))
                        .excluded())
                .containsOnlyKeys(A, B);
    }

    @Test
    void anyLockOnTheFailedPrimaryRefuses() {
        LockInfo onPrimary = maintenance(PRIMARY, Origin.CLI);
        assertThat(impact(maintenance(A, Origin.CLI), onPrimary).refusing()).isEqualTo(onPrimary);
    }

    @Test
    void aChangeOfOneServerRefusesAlthoughAPersonOrderedIt() {
        LockInfo change = lock(A, Origin.CLI, "t");
        assertThat(impact(maintenance(B, Origin.CLI), change).refusing()).isEqualTo(change);
        assertThat(LockWords.describe(change)).contains("being changed by alice");
        assertThat(LockWords.describe(maintenance(A, Origin.CLI))).contains("in maintenance by alice");
    }

    @Test
    void theEnginesOwnLockRefuses() {
        assertThat(impact(lock(B, Origin.AUTOMATIC, "t")).refusing()).isNotNull();
    }

    @Test
    void aSharedLockMeansNothingWhereverItIsAndWhoeverHoldsIt() {
        assertThat(impact(
                        lock(PRIMARY, Origin.CLI, "t", true),
                        lock(A, Origin.HTTP, "u", true),
                        lock(B, Origin.AUTOMATIC, "v", true)))
                .isEqualTo(LockImpact.NONE);
    }

    @Test
    void aMoveOfOneOfOursRefusesAlthoughItsSourceIsOnlyShared() {
        assertThat(impact(lock(B, Origin.HTTP, "t"), lock(ELSEWHERE, Origin.HTTP, "t", true))
                        .refusing())
                .isNotNull();
    }

    @Test
    void anOperationOverSeveralServersRefusesEvenIfOnlyOneIsOurs() {
        assertThat(impact(lock(B, Origin.HTTP, "t"), lock(ELSEWHERE, Origin.HTTP, "t"))
                        .refusing())
                .isNotNull();
    }

    @Test
    void besideOnesOwnLocksOnlyThoseOfOthersCount() {
        LockInfo own = lock(A, Origin.AUTOMATIC, "own");
        assertThat(besideOwn(own)).isEqualTo(LockImpact.NONE);
        assertThat(besideOwn(own, maintenance(B, Origin.CLI)).excluded()).containsOnlyKeys(B);
    }

    private static LockImpact besideOwn(LockInfo... active) {
        return LockImpact.beside(PRIMARY, List.of(A, B), List.of(active), "own", List.of(PRIMARY, A));
    }

    @Test
    void onlyALockThatRefusesIsARefusal() {
        Decision decision = new Decision(null, List.of(), null);
        assertThat(LockImpact.NONE.refusal(decision)).isEmpty();
        assertThat(impact(lock(PRIMARY, Origin.CLI, "t")).refusal(decision).flatMap(Decision::refusal))
                .get()
                .extracting(GateVerdict::refusal)
                .isEqualTo(RefusalReason.LOCKED);
    }
}
