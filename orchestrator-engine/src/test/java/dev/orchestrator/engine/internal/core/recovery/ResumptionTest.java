package dev.orchestrator.engine.internal.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRecordBuilder;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What whoever goes on with an interrupted recovery locks, leaves alone and begins with. */
class ResumptionTest {
    private static final InstanceKey PRIMARY = key(1);
    private static final InstanceKey A = key(2);
    private static final InstanceKey B = key(3);
    private static final InstanceKey ELSEWHERE = key(9);
    private static final Actor ENGINE = new Actor("orchestrator", Origin.AUTOMATIC, "n1");
    private static final OrchestratorConfig CONFIG =
            OrchestratorConfig.builder().build();
    private long ids;

    private static InstanceKey key(int n) {
        return new InstanceKey("db" + n, 3306);
    }

    private static RecoveryRecordBuilder left() {
        return RecoveryRecord.builder(
                        "uid-1", new ClusterId("c"), AnalysisCode.DEAD_PRIMARY, PRIMARY, ENGINE, Instant.EPOCH)
                .replicas(List.of(A, B))
                .node("n1")
                .epoch(7);
    }

    private LockInfo lock(InstanceKey key, Origin origin, String token, String reason, boolean shared) {
        return new LockInfo(
                ++ids,
                key,
                new Actor("alice", origin, "n"),
                reason,
                token,
                Instant.EPOCH,
                Instant.EPOCH,
                Duration.ofSeconds(7),
                shared);
    }

    private LockInfo persons(InstanceKey key) {
        return lock(key, Origin.CLI, "t" + ids, "backup", false);
    }

    private static Resumption with(LockInfo... locks) {
        return Resumption.of(left().build(), List.of(locks));
    }

    @Test
    void withoutLocksItTakesAllItsServers() {
        assertThat(with().held()).isFalse();
        assertThat(with().free()).containsExactly(PRIMARY, A, B);
    }

    @Test
    void aPersonsLocksLeaveTheirServersOutAndHoldNothingUp() {
        Resumption resumption = with(persons(PRIMARY), persons(A), persons(ELSEWHERE));
        assertThat(resumption.held()).isFalse();
        assertThat(resumption.free()).containsExactly(B);
        assertThat(resumption.locked()).containsOnlyKeys(PRIMARY, A);
    }

    @Test
    void whoeverStillRunsItIsLeftAlone() {
        assertThat(with(lock(A, Origin.AUTOMATIC, "t", "a recovery", false)).held())
                .isTrue();
        assertThat(with(lock(A, Origin.CLI, "t", Records.lockReason("uid-1", PRIMARY), false))
                        .held())
                .isTrue();
    }

    @Test
    void anOperationOnSeveralServersIsWaitedFor() {
        assertThat(with(
                                lock(A, Origin.CLI, "t", "relocate", false),
                                lock(ELSEWHERE, Origin.CLI, "t", "relocate", false))
                        .held())
                .isTrue();
    }

    @Test
    void aServerThatOnlyServesAsASourceIsNotLocked() {
        Resumption resumption = with(lock(A, Origin.AUTOMATIC, "t", "a move", true));
        assertThat(resumption.held()).isFalse();
        assertThat(resumption.free()).contains(A);
    }

    @Test
    void theLocksOfALeaderWhoseLeaseIsOverAreEndedAndNobodyElses() {
        List<LockInfo> locks = List.of(
                lock(A, Origin.AUTOMATIC, "t", Records.lockReason("uid-1", PRIMARY), false),
                lock(B, Origin.AUTOMATIC, "u", Records.lockReason("uid-2", PRIMARY), false),
                lock(PRIMARY, Origin.CLI, "v", Records.lockReason("uid-1", PRIMARY), false));
        assertThat(Resumption.leftLocked(left().build(), locks, 8)).containsExactly(A);
        assertThat(Resumption.leftLocked(left().build(), locks, 7)).isEmpty();
        assertThat(Resumption.leftLocked(left().epoch(0).build(), locks, 8)).isEmpty();
    }

    @Test
    void aNamedSuccessorIsFinishedAndTheRecordSaysByWhom() {
        Resumption resumption = Resumption.of(left().successor(A).build(), List.of(persons(B)));
        assertThat(resumption.interrupted("n2", Fleet.empty())).isNull();
        assertThat(resumption.begin("n2").errors()).containsExactly("gone on with by n2 after n1 vanished");
        assertThat(resumption.terms(Fleet.empty(), Map.of(), CONFIG).leftAlone())
                .containsOnlyKeys(B);
    }

    @Test
    void withoutASuccessorThingsArePutBackAlsoOnServersThatAPersonLocked() {
        Resumption resumption = with(persons(B));
        assertThat(resumption.interrupted("n2", Fleet.empty())).contains("n1 vanished", "n2 puts things back");
        assertThat(resumption.begin("n2")).isEqualTo(left().build());
        assertThat(resumption.terms(Fleet.empty(), Map.of(), CONFIG).leftAlone())
                .isEmpty();
    }

    @Test
    void aSwitchoverGoesToTheServerThatItsRecordNames() {
        RecoveryRecord switchover =
                left().type(RecoveryType.SWITCHOVER).successor(B).build();
        assertThat(Resumption.of(switchover, List.of())
                        .terms(Fleet.empty(), Map.of(), CONFIG)
                        .explicit())
                .isEqualTo(B);
        assertThat(Resumption.of(left().successor(B).build(), List.of())
                        .terms(Fleet.empty(), Map.of(), CONFIG)
                        .explicit())
                .isNull();
    }

    @Test
    void itsStepsComeAfterAllThatTheVanishedNodeMayStillWrite() {
        RecoveryStepRecord last = new RecoveryStepRecord(
                "uid-1", 12, Instant.EPOCH, "p", null, "w", RecoveryStepRecord.State.NOTE, "", Duration.ZERO);
        assertThat(Resumption.lastStep(List.of())).isGreaterThanOrEqualTo(100);
        assertThat(Resumption.lastStep(List.of(last))).isEqualTo(12 + Resumption.lastStep(List.of()));
    }

    private static FleetBuilder replicas() {
        return new FleetBuilder(Instant.EPOCH)
                .primary("db1")
                .replica("db2", "db1")
                .replica("db3", "db1");
    }

    private static RecoveryRecordBuilder leftWith(FleetBuilder fleet) {
        return left().before(Before.of(fleet.build(), List.of(PRIMARY, A, B)).servers());
    }

    private static Terms terms(RecoveryRecord record, FleetBuilder fleet, LockInfo... locks) {
        return Resumption.of(record, List.of(locks)).terms(fleet.build(), Map.of(), CONFIG);
    }

    /** Seen before: it was stopped and moved, and nobody had locked it or written down how it was. */
    @Test
    void whoLostItsSourceSinceIsLeftToARecoveryOfItsOwn() {
        FleetBuilder fleet = replicas().replica("db4", "db3");
        fleet.with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(1)), "db3");
        assertThat(terms(leftWith(fleet).successor(A).build(), fleet).followers())
                .containsExactly(A, B);
        RecoveryRecord orphan = left().replicas(List.of(A, B))
                .before(Before.of(fleet.build(), List.of(PRIMARY, A, B, key(4))).servers())
                .successor(A)
                .build();
        assertThat(terms(orphan, fleet).followers()).as("written down").containsExactly(A, B, key(4));
    }

    /** Seen before: one that must not be promoted was. */
    @Test
    void whatOperatorsWantIsKnownToWhoeverGoesOn() {
        FleetBuilder fleet = replicas();
        Terms terms = Resumption.of(leftWith(fleet).successor(A).build(), List.of())
                .terms(fleet.build(), Map.of(B, PromotionRule.MUST_NOT), CONFIG);
        assertThat(terms.rules()).containsOnly(Map.entry(B, PromotionRule.MUST_NOT));
    }

    @Test
    void whoCannotFollowTheSuccessorOfASwitchoverStaysWhereItIs() {
        FleetBuilder fleet = replicas().with(m -> m.version("8.4.0"), "db2").with(m -> m.version("8.0.31"), "db3");
        RecoveryRecordBuilder record = leftWith(fleet).successor(A);
        assertThat(terms(record.type(RecoveryType.SWITCHOVER).build(), fleet).leftAlone())
                .hasEntrySatisfying(B, why -> assertThat(why).contains("is older than"));
        assertThat(terms(record.type(RecoveryType.DEAD_PRIMARY).build(), fleet).leftAlone())
                .as("it has nothing else to follow")
                .isEmpty();
    }

    @Test
    void aPersonsLockOnWhoeverHasToBeMadeWritableIsWaitedFor() {
        RecoveryRecord named = left().successor(A).build();
        assertThat(Resumption.of(named, List.of(persons(A))).awaited()).isNotNull();
        assertThat(Resumption.of(named, List.of(persons(B), persons(PRIMARY))).awaited())
                .isNull();
        assertThat(with(persons(PRIMARY)).awaited()).as("a dead primary").isNull();
        RecoveryRecord switchover = left().type(RecoveryType.SWITCHOVER).build();
        assertThat(Resumption.of(switchover, List.of(persons(PRIMARY))).awaited())
                .isNotNull();
        RecoveryRecord source =
                left().type(RecoveryType.DEAD_INTERMEDIATE_SOURCE).successor(A).build();
        assertThat(Resumption.of(source, List.of(persons(A))).awaited()).isNull();
    }

    @Test
    void aDeadPrimaryIsPutBackOnlyWhenANameAndAFenceOnceStood() {
        FleetBuilder fleet = replicas();
        RecoveryRecord never = leftWith(fleet).build();
        RecoveryRecord once =
                leftWith(fleet).errors(List.of("db2:3306 cannot take over")).build();
        RecoveryRecord switchover =
                leftWith(fleet).type(RecoveryType.SWITCHOVER).build();
        assertThat(terms(never, fleet).before().of(PRIMARY)).isEmpty();
        assertThat(terms(never, fleet).before().of(A)).isPresent();
        assertThat(terms(once, fleet).before().of(PRIMARY)).isPresent();
        assertThat(terms(once, fleet, persons(PRIMARY)).before().of(PRIMARY))
                .as("locked")
                .isEmpty();
        assertThat(terms(switchover, fleet).before().of(PRIMARY)).isPresent();
    }

    @Test
    void itIsSaidHowFarItHadComeWhenItIsAcknowledged() {
        RecoveryRecord ended = left().build();
        assertThat(with().acknowledgement(ended)).contains("before anybody was promoted");
        assertThat(Resumption.of(left().successor(A).build(), List.of()).acknowledgement(ended))
                .contains("db2:3306", "named", "given up")
                .doesNotContain("before anybody was promoted");
    }
}
