package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.gtids;
import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let through, who is not, and what is said about it. */
@Timeout(30)
class DecisionsTest {
    private RecoveryWorld world = new RecoveryWorld(3);

    @AfterEach
    void close() {
        world.close();
        assertThat(world.servers.violations()).isEmpty();
    }

    private RefusalReason refusal() {
        world.report();
        await().until(() -> world.coordinator.isIdle()
                && world.coordinator.lastDecision(key(1)).isPresent());
        assertThat(world.servers.commands()).isEmpty();
        return world.coordinator
                .lastDecision(key(1))
                .flatMap(Decision::refusal)
                .map(GateVerdict::refusal)
                .orElseThrow();
    }

    private RecoveryOutcome byHand(RecoveryRequest request) {
        return world.coordinator.recover(request);
    }

    private static RecoveryRecord recorded(RecoveryOutcome outcome) {
        return requireNonNull(outcome.recovery());
    }

    private static RecoveryRequest order() {
        return new RecoveryRequest(key(1), null, RecoveryWorld.OPERATOR);
    }

    @Test
    void aPrimaryThatAnswersAgainOnTheFreshReadIsLeftAlone() {
        world.servers.killPrimary();
        var finding = world.finding();
        world.servers.change(() -> world.servers.server(1).alive = true);
        world.coordinator.handle(List.of(finding));
        await().until(() -> world.coordinator.lastDecision(key(1)).isPresent());

        assertThat(world.coordinator.lastDecision(key(1)).flatMap(Decision::refusal))
                .hasValueSatisfying(v -> assertThat(v.refusal()).isEqualTo(RefusalReason.NO_PROBLEM));
        assertThat(world.servers.commands()).isEmpty();
        await().untilAsserted(() -> assertThat(world.backend.locks().active()).isEmpty());
    }

    @Test
    void aRefusalIsToldOnceHoweverOftenItIsGiven() {
        world.backend.intents().setRecoveriesEnabled(false, RecoveryWorld.OPERATOR);
        world.servers.killPrimary();
        assertThat(refusal()).isEqualTo(RefusalReason.GLOBALLY_DISABLED);
        for (int i = 0; i < 5; i++) {
            world.report();
        }
        await().during(Duration.ofMillis(1200)).until(() -> {
            world.report();
            return world.events.stream()
                            .filter(OrchestratorEvent.DecisionMade.class::isInstance)
                            .count()
                    == 1;
        });
        await().until(world.coordinator::isIdle);

        assertThat(world.audit)
                .filteredOn(e -> e.type().equals("recovery-refused"))
                .hasSize(1);
    }

    @Test
    void aDowntimedPrimaryIsNotReplacedByItselfButByHand() {
        world.backend.intents().beginDowntime(key(1), RecoveryWorld.OPERATOR, "repair", Duration.ofHours(1));
        world.servers.killPrimary();
        assertThat(refusal()).isEqualTo(RefusalReason.DOWNTIMED);

        assertThat(byHand(order()).succeeded()).isTrue();
    }

    @Test
    void theBackendMustAnswer() {
        world.servers.killPrimary();
        world.backend.goAway();
        assertThat(refusal()).isEqualTo(RefusalReason.BACKEND_UNAVAILABLE);
        world.backend.comeBack();
    }

    @Test
    void aSecondFailureWithinTheBlockPeriodWaitsForAnAcknowledgement() {
        world.servers.killPrimary();
        world.report();
        RecoveryRecord first = world.awaitEnd();
        world.servers.kill(2);
        var second = RecoveryWorld.analyze(world.servers.current(), key(2)).orElseThrow();
        world.coordinator.handle(List.of(second));
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            world.coordinator.handle(List.of(second));
            return world.coordinator.lastDecision(key(2)).isPresent();
        });

        assertThat(world.coordinator.lastDecision(key(2)).flatMap(Decision::refusal))
                .hasValueSatisfying(v -> {
                    assertThat(v.refusal()).isEqualTo(RefusalReason.ANTI_FLAPPING);
                    assertThat(v.facts()).contains(first.uid());
                });
        world.backend.recoveries().acknowledge(RecoveryFilter.byUid(first.uid()), RecoveryWorld.OPERATOR, "seen");
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            world.coordinator.handle(List.of(second));
            return world.records().size() == 2 && world.ended().isPresent();
        });
        assertThat(world.record().successful()).isTrue();
    }

    @Test
    void aPersonOverridesTheBlockAndThusAcknowledgesTheFormerRecovery() {
        world.servers.killPrimary();
        world.report();
        RecoveryRecord first = world.awaitEnd();
        world.servers.kill(2);
        RecoveryOutcome outcome = byHand(new RecoveryRequest(key(2), null, RecoveryWorld.OPERATOR));

        assertThat(outcome.succeeded()).isTrue();
        assertThat(recorded(outcome).actor()).isEqualTo(RecoveryWorld.OPERATOR);
        assertThat(first.failed()).isEqualTo(key(1));
    }

    @Test
    void aPersonsLockOnAReplicaOnlyKeepsThatReplicaOut() {
        world.locks.begin(key(2), RecoveryWorld.OPERATOR, "backup", Duration.ofHours(1));
        world.servers.killPrimary();
        world.report();
        RecoveryRecord record = world.awaitEnd();

        assertThat(record.successful()).isTrue();
        assertThat(record.successor()).isEqualTo(key(3));
        assertThat(record.lostReplicas()).containsExactly(key(2));
        assertThat(record.errors()).singleElement().asString().contains("alice").contains("backup");
        assertThat(world.servers.commandsTo(2)).isEmpty();
    }

    @Test
    void aLockOnTheFailedPrimaryRefusesAutomaticAndManualRecovery() {
        world.locks.begin(key(1), RecoveryWorld.OPERATOR, "I am on it", Duration.ofHours(1));
        world.servers.killPrimary();
        assertThat(refusal()).isEqualTo(RefusalReason.LOCKED);

        RecoveryOutcome outcome = byHand(order());
        assertThat(outcome.refusal())
                .hasValueSatisfying(v -> assertThat(v.facts()).contains("alice").contains("I am on it"));
    }

    @Test
    void aRunningOperationsLocksRefuse() {
        Actor other = new Actor("bob", Origin.HTTP, "node9");
        try (MaintenanceLock lock = world.locks.acquire(List.of(key(2), key(3)), other, "moving replicas")) {
            world.servers.killPrimary();
            assertThat(refusal()).isEqualTo(RefusalReason.LOCKED);
            assertThat(lock.isHeld()).isTrue();
        }
    }

    @Test
    void theLockOfAPersonsOrderAboutOneReplicaRefusesAsLongAsTheOrderRuns() {
        Actor other = new Actor("bob", Origin.HTTP, "node9");
        try (MaintenanceLock lock = world.locks.acquire(List.of(key(2)), other, "restart-replica")) {
            world.servers.killPrimary();
            assertThat(refusal()).isEqualTo(RefusalReason.LOCKED);
            assertThat(lock.isHeld()).isTrue();
        }
    }

    @Test
    void aSharedLockOnTheFailedPrimaryOrOnTheChosenOneStopsNoRecovery() {
        Actor other = new Actor("bob", Origin.HTTP, "node9");
        try (MaintenanceLock lock =
                world.locks.acquire(List.of(), List.of(key(1), key(2), key(3)), other, "moving below them")) {
            world.servers.killPrimary();
            assertThat(byHand(order()).succeeded()).isTrue();
            assertThat(lock.isHeld()).isTrue();
        }
    }

    @Test
    void aClusterThatIsNotConfiguredIsRecoveredByHandOnly() {
        world.close();
        world = new RecoveryWorld(3, c -> c.primaryRecoveryFilters(List.of("other")));
        world.servers.killPrimary();
        assertThat(refusal()).isEqualTo(RefusalReason.CLUSTER_NOT_CONFIGURED);

        assertThat(byHand(order()).succeeded()).isTrue();
    }

    @Test
    void nothingIsDoneWhenNobodyMayBePromoted() {
        world.servers.change(() -> {
            for (int n = 2; n <= 4; n++) {
                world.servers.server(n).rule = PromotionRule.MUST_NOT;
            }
        });
        world.readAll();
        world.servers.killPrimary();
        assertThat(refusal()).isEqualTo(RefusalReason.NO_CANDIDATE);
        assertThat(world.records()).isEmpty();
    }

    @Test
    void aPersonChoosesWhoIsPromoted() {
        world.servers.killPrimary();
        RecoveryOutcome outcome = byHand(new RecoveryRequest(key(1), key(4), RecoveryWorld.OPERATOR));

        assertThat(recorded(outcome).successor()).isEqualTo(key(4));
    }

    @Test
    void aChosenReplicaThatCannotBePromotedIsRefusedWithTheReason() {
        world.servers.change(() -> world.servers.server(4).logsUpdates = false);
        world.servers.killPrimary();
        RecoveryOutcome outcome = byHand(new RecoveryRequest(key(1), key(4), RecoveryWorld.OPERATOR));

        assertThat(outcome.attempted()).isFalse();
        assertThat(outcome.refusal()).hasValueSatisfying(v -> {
            assertThat(v.refusal()).isEqualTo(RefusalReason.CANDIDATE_UNFIT);
            assertThat(v.facts()).contains("does not log");
        });
        assertThat(world.servers.commands()).isEmpty();
    }

    @Test
    void thePlanShowsEveryPhaseAndChangesNothing() {
        world.servers.killPrimary();
        Decision decision = world.coordinator.plan(order());

        assertThat(decision.refusal()).isEmpty();
        Plan plan = requireNonNull(decision.plan());
        assertThat(plan.title()).contains("db1:3306").contains("db2:3306");
        assertThat(plan.stages())
                .extracting(s -> s.name())
                .containsSubsequence("stop receivers", "fence", "promote", "repoint");
        assertThat(world.servers.commands()).isEmpty();
        assertThat(world.backend.locks().active()).isEmpty();
        assertThat(world.records()).isEmpty();
    }

    @Test
    void withSemiSyncNothingThatMayHaveBeenAcknowledgedIsLeftBehindByItself() {
        world.servers.change(() -> {
            world.servers.server(1).semiSyncSource = true;
            world.servers.server(4).retrieved = gtids("1-12");
            world.servers.server(4).applierErrno = 1062;
            world.servers.server(4).applier = dev.orchestrator.api.model.ReplicationThreadState.STOPPED;
        });
        world.readAll();
        world.servers.killPrimary();
        world.report();
        await().until(() ->
                world.coordinator.lastDecision(world.servers.primary).isPresent());

        Decision refused = world.coordinator.lastDecision(world.servers.primary).orElseThrow();
        assertThat(refused.refusal().orElseThrow().facts()).contains("may have been acknowledged");
        assertThat(world.servers.commands()).isEmpty();
        RecoveryOutcome outcome = byHand(order());
        assertThat(outcome.succeeded()).isTrue();
        assertThat(recorded(outcome).lostGtids()).isEqualTo(gtids("11-12"));
        assertThat(recorded(outcome).lostReplicas()).containsExactly(key(4));
        assertThat(world.servers.server(4).retrieved).isEqualTo(gtids("1-12"));
    }

    @Test
    void anUnknownInstanceIsRefused() {
        RecoveryOutcome outcome = byHand(new RecoveryRequest(
                new dev.orchestrator.api.model.InstanceKey("nobody", 1), null, RecoveryWorld.OPERATOR));
        assertThat(outcome.refusal())
                .hasValueSatisfying(v -> assertThat(v.refusal()).isEqualTo(RefusalReason.UNKNOWN_INSTANCE));
    }

    private long refusals() {
        return world.audit.stream()
                .filter(e -> e.type().equals("recovery-refused"))
                .count();
    }

    private static FailureAnalysis as(AnalysisCode code, FailureAnalysis f) {
        return new FailureAnalysis(
                code,
                f.instance(),
                f.source(),
                f.cluster(),
                f.primary(),
                f.coPrimary(),
                f.reachable(),
                false,
                f.downtimed(),
                f.depth(),
                f.counts(),
                f.replicas(),
                f.warnings(),
                f.evidence());
    }

    @Test
    void aFindingThatNoRecoveryIsForHasItsReasonOnceInAuditEventsAndLastDecision() {
        world.close();
        world = new RecoveryWorld(3, c -> c.pollInterval(Duration.ofMillis(200)));
        world.servers.killPrimary();
        var finding = as(AnalysisCode.DEAD_CO_PRIMARY, world.finding());
        world.found.add(finding);
        world.coordinator.start();
        await().until(() -> refusals() == 1);
        await().during(Duration.ofMillis(2200)).atMost(Duration.ofSeconds(5)).until(() -> refusals() == 1);

        assertThat(world.audit)
                .filteredOn(e -> e.type().equals("recovery-refused"))
                .singleElement()
                .satisfies(e -> assertThat(e.message())
                        .contains(
                                "UNSUPPORTED_TOPOLOGY",
                                "DeadCoMaster",
                                "db1:3306",
                                "expected: ",
                                "next: ",
                                "relocate"));
        assertThat(world.coordinator.lastDecision(key(1)).flatMap(Decision::refusal))
                .hasValueSatisfying(v -> assertThat(v.facts()).contains("there is no recovery for DeadCoMaster"));
        assertThat(world.events)
                .filteredOn(e -> e instanceof OrchestratorEvent.DecisionMade)
                .hasSize(1);
        assertThat(world.servers.commands()).isEmpty();
    }

    @Test
    void aProblemThatWasGoneAndComesBackIsToldAgain() {
        DecisionBook book =
                new DecisionBook(world.events::add, world.audit::add, RecoveryWorld.OPERATOR, InstantSource.system());
        Decision refused = new Decision(null, List.of(new GateVerdict("gate", RefusalReason.LOCKED, "locked")), null);
        book.record(key(1), "main", refused);
        book.record(key(1), "main", refused);
        assertThat(refusals()).isEqualTo(1);
        book.problemOver(key(1));
        book.record(key(1), "main", refused);
        assertThat(refusals()).isEqualTo(2);
    }

    @Test
    void aNodeThatDoesNotLeadWritesNoReasonDown() {
        world.close();
        world = new RecoveryWorld(3, c -> c.pollInterval(Duration.ofMillis(200)));
        world.depose();
        world.servers.killPrimary();
        world.found.add(as(AnalysisCode.DEAD_CO_PRIMARY, world.finding()));
        world.coordinator.start();
        await().during(Duration.ofMillis(2500)).atMost(Duration.ofSeconds(5)).until(() -> world.audit.isEmpty());
        assertThat(world.coordinator.lastDecision(key(1))).isEmpty();
    }
}
