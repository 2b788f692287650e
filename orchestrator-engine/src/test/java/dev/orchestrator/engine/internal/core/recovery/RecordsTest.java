package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.fleet.Findings;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stands in a record from its first moment on, as whoever goes on with it knows nothing else. */
class RecordsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant DETECTED = NOW.minusSeconds(3);
    private static final Actor ENGINE = new Actor("orchestrator", Origin.AUTOMATIC, "n1");
    private static final Records.Beginning BEGINNING = new Records.Beginning("uid-1", ENGINE, "n1", "n1-token", 7, NOW);

    private static FleetBuilder cluster() {
        return new FleetBuilder(NOW)
                .primary("p")
                .add("a", m -> m.replicaOf("p"))
                .add("b", m -> m.replicaOf("p"));
    }

    private static Terms terms(Fleet fleet) {
        return terms(fleet, Map.of());
    }

    private static Terms terms(Fleet fleet, Map<InstanceKey, String> leftAlone) {
        return RecoveryScope.of(
                fleet,
                key("p"),
                leftAlone,
                Map.of(),
                null,
                true,
                OrchestratorConfig.builder().build());
    }

    private static FailureAnalysis finding(Fleet fleet) {
        return Findings.deadPrimary(fleet, key("p"), List.of(), false);
    }

    private static RecoveryRecord ofFailure(Fleet fleet) {
        return Records.ofFailure(BEGINNING, finding(fleet), DETECTED, NOW, terms(fleet), fleet);
    }

    @Test
    void itIsDetectedWhenTheServerFellSilentByTheClockOfRecoveries() {
        Instant readings = NOW.plusSeconds(100);
        Fleet silent = cluster()
                .with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(5)), "p")
                .build();
        RecoveryAttempt attempt = RecoveryAttempt.automatic(finding(silent), ENGINE, NOW.minusSeconds(1));
        Instant since = silent.member(key("p")).orElseThrow().failingSince();
        RecoveryRecord record = new ReadyRecovery(attempt, silent, terms(silent)).record(BEGINNING, readings);
        assertThat(record.detectedAt()).isEqualTo(NOW.minus(Duration.between(since, readings)));
        Fleet answering = cluster().build();
        assertThat(new ReadyRecovery(attempt, answering, terms(answering))
                        .record(BEGINNING, readings)
                        .detectedAt())
                .isEqualTo(NOW.minusSeconds(1));
    }

    @Test
    void itSaysWhoTakesPartAndHowTheyWereBefore() {
        RecoveryRecord record = ofFailure(cluster().build());
        assertThat(record.failed()).isEqualTo(key("p"));
        assertThat(record.replicas()).containsExactlyInAnyOrder(key("a"), key("b"));
        assertThat(record.before())
                .extracting(ServerBefore::key)
                .containsExactlyInAnyOrder(key("p"), key("a"), key("b"));
        assertThat(record.successor()).isNull();
        assertThat(record.isActive()).isTrue();
    }

    @Test
    void itSaysWhoBeganItAndByWhatRight() {
        RecoveryRecord record = ofFailure(cluster().build());
        assertThat(record.uid()).isEqualTo("uid-1");
        assertThat(record.actor()).isEqualTo(ENGINE);
        assertThat(record.node()).isEqualTo("n1");
        assertThat(record.nodeToken()).isEqualTo("n1-token");
        assertThat(record.epoch()).isEqualTo(7);
        assertThat(record.startedAt()).isEqualTo(NOW);
    }

    @Test
    void aFailureIsDetectedBeforeItIsConfirmed() {
        RecoveryRecord record = ofFailure(cluster().build());
        assertThat(record.detectedAt()).isEqualTo(DETECTED);
        assertThat(record.confirmedAt()).isEqualTo(NOW);
    }

    @Test
    void aSwitchoverIsOfItsOwnTypeAndHasFoundNoProblem() {
        Fleet fleet = cluster().build();
        RecoveryRecord record = Records.ofSwitchover(BEGINNING, terms(fleet), fleet);
        assertThat(record.type()).isEqualTo(RecoveryType.SWITCHOVER);
        assertThat(record.analysis()).isEqualTo(AnalysisCode.NO_PROBLEM);
        assertThat(record.replicas()).containsExactlyInAnyOrder(key("a"), key("b"));
        assertThat(record.detectedAt()).isNull();
    }

    @Test
    void itsLocksAreKnownByItsIdentity() {
        assertThat(Records.lockReason("uid-1", key("p"))).contains("uid-1", "p");
    }

    @Test
    void whoCannotBeginIsToldWhatIsUnderWay() {
        assertThat(Records.busy(ofFailure(cluster().build()))).contains("uid-1", "p", NOW.toString());
        assertThat(Records.busy(null)).isEqualTo("another recovery of the cluster is under way");
    }

    private static State endedBy(Effect.End end, boolean successful) {
        Fleet fleet = cluster().build();
        RecoveryRecord record = ofFailure(fleet).toBuilder()
                .successful(successful)
                .successor(key("a"))
                .lossNote("Nothing was lost.")
                .errors(successful ? List.of() : List.of("nobody is fit"))
                .build();
        Moment now = new Moment(NOW, 0);
        return State.begin(terms(fleet), fleet, record, now).fold(new Event.Ended(end, now));
    }

    @Test
    void itIsSuccessfulOnlyWhereTheProcedureReachedItsAim() {
        RecoveryRecord ended = Records.ended(endedBy(Effect.End.SUCCEEDED, true), NOW.plusSeconds(1));
        assertThat(ended.endedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThat(ended.successful()).isTrue();
        assertThat(Records.result(ended)).startsWith("ended: ").endsWith("Nothing was lost.");
        RecoveryRecord failed = Records.ended(endedBy(Effect.End.GIVEN_UP, true), NOW);
        assertThat(failed.successful()).isFalse();
        assertThat(Records.result(Records.ended(endedBy(Effect.End.SUCCEEDED, false), NOW)))
                .isEqualTo("failed: [nobody is fit]");
    }

    @Test
    void aFormerPrimaryThatIsThePrimaryAgainIsToldAsTheSuccessor() {
        Fleet fleet = cluster().build();
        RecoveryRecord told =
                Records.fallenBack(ofFailure(fleet), fleet.instance(key("p")).orElseThrow());
        assertThat(told.successor()).isEqualTo(key("p"));
        assertThat(told.successorUuid())
                .isEqualTo(fleet.instance(key("p")).orElseThrow().serverUuid());
    }

    /** Seen before: its receiver, which whoever had locked it had stopped, was started by whoever went on. */
    @Test
    void howAReplicaWasThatIsLeftAloneIsNotWrittenDown() {
        Fleet fleet = cluster().build();
        Terms terms = terms(fleet, Map.of(key("b"), "locked by ann", key("p"), "locked by ann"));
        RecoveryRecord record = Records.ofFailure(BEGINNING, finding(fleet), DETECTED, NOW, terms, fleet);
        assertThat(record.before()).extracting(ServerBefore::key).containsExactlyInAnyOrder(key("a"), key("p"));
        assertThat(record.replicas()).containsExactlyInAnyOrder(key("a"), key("b"));
    }
}
