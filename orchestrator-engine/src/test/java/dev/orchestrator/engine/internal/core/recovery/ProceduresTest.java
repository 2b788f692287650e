package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRecordBuilder;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.procedure.Before;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.simulation.DryRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each procedure does when nothing goes wrong, and where it gives up. */
class ProceduresTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String P = "p";
    private static final ChannelSettings SETTINGS =
            new ChannelSettings(Optional.of(new Credentials("repl", "secret")), ChannelOptions.PLAIN);

    private static String gtids(String interval) {
        return dev.orchestrator.engine.fleet.MemberBuilder.uuid(P) + ":" + interval;
    }

    /** p with r1 and r2, and r3 below r2; p has executed 1-10, all have received it. */
    private static FleetBuilder fleet() {
        FleetBuilder fleet = new FleetBuilder(NOW)
                .primary(P)
                .replica("r1", P)
                .replica("r2", P)
                .replica("r3", "r2");
        fleet.with(m -> m.executed(gtids("1-10")), P, "r1", "r2", "r3");
        return fleet.with(m -> m.retrieved(gtids("1-10")), "r1", "r2", "r3");
    }

    private static FleetBuilder dead(FleetBuilder fleet, String... names) {
        return fleet.with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(1)), names);
    }

    private static DryRun.Result run(Procedure procedure, Fleet fleet, String primary, @Nullable String explicit) {
        InstanceKey wanted = explicit == null ? null : key(explicit);
        Terms terms = RecoveryScope.of(
                fleet,
                key(primary),
                Map.of(),
                Map.of(),
                wanted,
                false,
                OrchestratorConfig.builder().build());
        return Preview.of("test", procedure, terms, fleet, NOW).result();
    }

    private static List<String> sent(DryRun.Result result) {
        return result.stages().stream()
                .flatMap((Stage s) -> s.steps().stream().map(step -> s.name() + ": " + step.describe()))
                .toList();
    }

    private static Optional<InstanceKey> source(DryRun.Result result, String name) {
        return result.after().instance(key(name)).flatMap(Instance::source);
    }

    @Test
    void aDeadPrimaryIsReplacedAndItsOtherReplicasFollow() {
        DryRun.Result result = run(Procedures.deadPrimary(), dead(fleet(), P).build(), P, null);
        assertThat(result.succeeded()).isTrue();
        assertThat(sent(result))
                .containsExactly(
                        "stop receivers: r1:3306: stop the receiver",
                        "stop receivers: r2:3306: stop the receiver",
                        "fence: p:3306: make it read-only",
                        "promote: r1:3306: make it writable",
                        "promote: r1:3306: stop being a replica",
                        "repoint: r2:3306: replicate from r1:3306",
                        "repoint: r2:3306: start the receiver");
        assertThat(source(result, "r2")).contains(key("r1"));
        assertThat(source(result, "r3")).contains(key("r2"));
    }

    @Test
    void theReplicasOfAnIntermediateSourceThatDiedWithThePrimaryEndBelowTheNewOne() {
        DryRun.Result result =
                run(Procedures.deadPrimary(), dead(fleet(), P, "r2").build(), P, null);
        assertThat(result.succeeded()).isTrue();
        assertThat(source(result, "r3")).contains(key("r1"));
        assertThat(result.state().record().lostReplicas()).containsExactly(key("r2"));
    }

    @Test
    void theReplicasOfADeadIntermediateSourceMoveBelowItsSource() {
        DryRun.Result result =
                run(Procedures.deadIntermediateSource(), dead(fleet(), "r2").build(), "r2", null);
        assertThat(result.succeeded()).isTrue();
        assertThat(sent(result))
                .containsExactly(
                        "stop receivers: r3:3306: stop the receiver",
                        "repoint: r3:3306: replicate from p:3306",
                        "repoint: r3:3306: start the receiver");
        assertThat(result.state().record().successful()).isTrue();
    }

    @Test
    void aLivingPrimaryHandsOverAndBecomesAReplica() {
        DryRun.Result result = run(Procedures.switchover(SETTINGS, true), fleet().build(), P, "r1");
        assertThat(result.succeeded()).isTrue();
        assertThat(sent(result))
                .containsExactly(
                        "wait until ready: r1:3306: wait until everything received is executed",
                        "demote: p:3306: make it read-only",
                        "demote: p:3306: end client connections",
                        "catch up: r1:3306: wait until everything received is executed",
                        "catch up: r1:3306: stop the receiver",
                        "promote: r1:3306: make it writable",
                        "promote: r1:3306: stop being a replica",
                        "repoint: r2:3306: stop the receiver",
                        "repoint: r2:3306: replicate from r1:3306",
                        "repoint: r2:3306: start the receiver",
                        "rejoin: p:3306: become a replica of r1:3306",
                        "rejoin: p:3306: start replication",
                        "rejoin: p:3306: wait until the receiver is connected");
        assertThat(source(result, P)).contains(key("r1"));
        assertThat(result.state().record().errors()).isEmpty();
    }

    /** A supervisor started it again in the middle: by its file it takes writes, beside its successor. */
    @Test
    void aFormerPrimaryThatWasStartedAgainTakesNoMoreWritesBeforeItFollows() {
        FleetBuilder fleet = new FleetBuilder(NOW)
                .primary(P)
                .primary("r1")
                .replica("r2", "r1")
                .with(m -> m.executed(gtids("1-10")), P, "r1", "r2");
        DryRun.Result result = resumedSwitchover(fleet.build());
        assertThat(sent(result).stream().filter(s -> s.startsWith("rejoin")))
                .startsWith(
                        "rejoin: p:3306: make it read-only",
                        "rejoin: p:3306: end client connections",
                        "rejoin: p:3306: become a replica of r1:3306");
        assertThat(result.after().instance(key(P)).map(Instance::readOnly)).contains(true);
    }

    /** How r3 was is not in the record, so nobody could put it back. */
    @Test
    void whoGoesOnTouchesOnlyServersOfTheRecord() {
        Fleet diedSince = dead(fleet(), P, "r2").build();
        Terms terms = RecoveryScope.resumed(
                diedSince,
                key(P),
                List.of(key("r1"), key("r2")),
                Before.of(fleet().build(), List.of(key(P), key("r1"), key("r2"))),
                Map.of(),
                Map.of(),
                null,
                OrchestratorConfig.builder().build());
        assertThat(terms.followers()).containsExactly(key("r1"), key("r2"));
    }

    /** It may be the only copy of what the dead successor had acknowledged. */
    @Test
    void aReplicaThatHoldsWhatWasWrittenToADeadSuccessorIsNotMixedIntoTheFormerTopology() {
        FleetBuilder fleet = dead(
                new FleetBuilder(NOW)
                        .primary(P)
                        .primary("r1")
                        .replica("r2", "r1")
                        .replica("r3", P)
                        .with(m -> m.executed(gtids("1-10")), P, "r1", "r3")
                        .with(m -> m.executed(gtids("1-12")), "r2"),
                "r1");
        DryRun.Result result = resumedSwitchover(fleet.build());
        assertThat(result.succeeded()).isFalse();
        assertThat(source(result, "r2")).contains(key("r1"));
        assertThat(result.state().record().errors())
                .anyMatch(e -> e.startsWith("not restored: r2:3306 holds " + gtids("11-12")));
    }

    /** What p acknowledged may be only on r1, which died as the named successor. */
    @Test
    void aFallenSuccessorCountsAmongThoseThatAcknowledgedToThePrimary() {
        Duration forever = Duration.ofDays(365);
        FleetBuilder fleet = dead(fleet(), P, "r1")
                .with(m -> m.semiSync(new SemiSyncState(true, true, true, false, false, 1, forever, 2)), P)
                .with(m -> m.semiSync(new SemiSyncState(true, false, false, true, true, 1, forever, 0)), "r1", "r2");
        DryRun.Result result = resumed(Procedures.deadPrimary(), fleet.build(), null, Map.of(), r -> r);
        assertThat(result.succeeded()).isFalse();
        assertThat(result.whyNot()).contains("SemiSyncLossPolicy", key("r1").toString());
    }

    @Test
    void aFormerPrimaryThatAPersonLockedMeanwhileIsLeftAlone() {
        FleetBuilder fleet = new FleetBuilder(NOW)
                .primary(P)
                .primary("r1")
                .replica("r2", "r1")
                .with(m -> m.executed(gtids("1-10")), P, "r1", "r2");
        DryRun.Result result = resumedSwitchover(fleet.build(), Map.of(key(P), "is in maintenance"));
        assertThat(result.succeeded()).isTrue();
        assertThat(sent(result)).noneMatch(s -> s.startsWith("rejoin"));
        assertThat(result.state().record().errors()).anyMatch(e -> e.startsWith("p:3306") && e.endsWith("maintenance"));
    }

    /** It was built anew under its name, and is empty. */
    @Test
    void anotherServerInThePlaceOfTheNamedSuccessorIsNeverOpened() {
        DryRun.Result result = resumed(
                Procedures.deadPrimary(),
                dead(fleet(), P).build(),
                null,
                Map.of(),
                r -> r.successorUuid(MemberBuilder.uuid("old")));
        assertThat(result.succeeded()).isTrue();
        assertThat(result.state().record().successor()).isEqualTo(key("r2"));
        assertThat(sent(result)).noneMatch(s -> s.startsWith("promote: r1:3306"));
    }

    @Test
    void theTimeOfAPromotionIsThatOfWhoTookOverInTheEnd() {
        DryRun.Result result = resumed(
                Procedures.deadPrimary(),
                dead(fleet(), P, "r1").build(),
                null,
                Map.of(),
                r -> r.promotedAt(NOW.minusSeconds(60)).gtidsAtPromotion(GtidSet.parse(gtids("1-3"))));
        assertThat(result.state().record().successor()).isEqualTo(key("r2"));
        assertThat(result.state().record().promotedAt()).isAfterOrEqualTo(NOW);
        assertThat(result.state().record().gtidsAtPromotion()).isEqualTo(GtidSet.parse(gtids("1-10")));
    }

    private static DryRun.Result resumedSwitchover(Fleet fleet) {
        return resumedSwitchover(fleet, Map.of());
    }

    private static DryRun.Result resumedSwitchover(Fleet fleet, Map<InstanceKey, String> leftAlone) {
        return resumed(Procedures.switchover(SETTINGS, true), fleet, key("r1"), leftAlone, r -> r);
    }

    /** Gone on with when the record names r1. */
    private static DryRun.Result resumed(
            Procedure procedure,
            Fleet fleet,
            @Nullable InstanceKey explicit,
            Map<InstanceKey, String> leftAlone,
            UnaryOperator<RecoveryRecordBuilder> change) {
        Terms terms = RecoveryScope.resumed(
                fleet,
                key(P),
                List.of(key("r1"), key("r2")),
                Before.of(fleet().build(), List.of(key(P), key("r1"), key("r2"))),
                leftAlone,
                Map.of(),
                explicit,
                OrchestratorConfig.builder().build());
        RecoveryRecordBuilder record = RecoveryRecord.builder(
                        "uid",
                        FleetBuilder.CLUSTER,
                        AnalysisCode.NO_PROBLEM,
                        key(P),
                        new Actor("test", Origin.CLI, "here"),
                        NOW)
                .failedUuid(MemberBuilder.uuid(P))
                .successor(key("r1"));
        return DryRun.of(
                procedure, State.resumed(terms, fleet, change.apply(record).build(), new Moment(NOW, 0)));
    }

    @Test
    void aSuccessorWhoseApplierIsHeldUpCostsNoOutage() {
        FleetBuilder held = fleet().with(m -> m.executed(gtids("1-9")), "r1")
                .with(m -> m.channel(c -> c.lastApplierErrno(1205)), "r1");
        DryRun.Result result = run(Procedures.switchover(SETTINGS, true), held.build(), P, "r1");
        assertThat(result.succeeded()).isFalse();
        assertThat(result.whyNot()).contains("p:3306 was not touched");
        assertThat(sent(result)).allMatch(s -> s.startsWith("wait until ready"));
    }

    @Test
    void whatOnlyASiblingReceivedIsBroughtToTheChosenOneFirst() {
        FleetBuilder ahead = dead(fleet(), P).with(m -> m.retrieved(gtids("1-12")), "r2");
        ahead.with(m -> m.receiver(ReplicationThreadState.CONNECTING), "r1", "r2");
        DryRun.Result result = run(Procedures.deadPrimary(), ahead.build(), P, "r1");
        assertThat(result.succeeded()).isTrue();
        assertThat(sent(result))
                .containsSubsequence(
                        "catch up: r1:3306: replicate from r2:3306",
                        "catch up: r1:3306: start the receiver",
                        "catch up: r1:3306: stop the receiver",
                        "promote: r1:3306: make it writable");
        assertThat(result.state().record().lostGtids()).isNotNull().matches(g -> g.isEmpty());
    }

    @Test
    void aStandingApplierIsStartedBeforeItsServerIsPointedAtWhoHoldsMore() {
        FleetBuilder ahead = dead(fleet(), P).with(m -> m.retrieved(gtids("1-12")), "r2");
        ahead.with(m -> m.receiver(ReplicationThreadState.CONNECTING), "r1", "r2")
                .with(m -> m.executed(gtids("1-9")).channel(c -> c.applier(ReplicationThreadState.STOPPED)), "r1");
        DryRun.Result result = run(Procedures.deadPrimary(), ahead.build(), P, "r1");
        assertThat(result.whyNot()).isNull();
        assertThat(sent(result))
                .containsSubsequence(
                        "catch up: r1:3306: start the applier",
                        "catch up: r1:3306: replicate from r2:3306",
                        "promote: r1:3306: make it writable");
    }
}
