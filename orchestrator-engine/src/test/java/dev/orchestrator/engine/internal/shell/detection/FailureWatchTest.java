package dev.orchestrator.engine.internal.shell.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.detection.DoubtSettings;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailureWatchTest {
    private static final AnalysisPolicy POLICY = new AnalysisPolicy(
            Duration.ofSeconds(10),
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            false,
            false);
    private static final Leadership.Held HELD =
            new Leadership.Held(new Lease("orchestrator", "n1", "token", 7, Duration.ofSeconds(3)), 4711);
    private static final long A_WHILE_MILLIS = 400;

    private final SettableTime time = new SettableTime();
    private final PretendServers servers = new PretendServers(time, "r1", "r2", "r3");
    private final AtomicBoolean leading = new AtomicBoolean(true);
    private final AtomicReference<Intents> intents = new AtomicReference<>(Intents.NONE);
    private final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    private final List<AuditEntry> audit = new CopyOnWriteArrayList<>();
    private final List<FailureAnalysis> handled = new CopyOnWriteArrayList<>();
    private final DetectionHistoryTracker book = new DetectionHistoryTracker(POLICY);
    private FailureWatch watch = watch(true);

    private FailureWatch watch(boolean testsAllowed) {
        DetectionPorts ports = new DetectionPorts(
                servers,
                () -> leading.get() ? Optional.of(HELD) : Optional.empty(),
                servers,
                events::add,
                audit::add,
                intents::get,
                List::of,
                time,
                Ticker.system());
        DoubtSettings settings = new DoubtSettings(
                "n1",
                testsAllowed,
                Duration.ofSeconds(30),
                Duration.ofMillis(200),
                Duration.ofMillis(10),
                Duration.ofMillis(60),
                Duration.ofSeconds(1));
        return new FailureWatch(ports, POLICY, book, settings, handled::addAll);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    /** Reads all replicas again and again, as discovery does while there is a suspicion. */
    private void poll() {
        watch.fleetChanged(servers.readAll(), Set.of(FleetBuilder.CLUSTER));
    }

    private List<AnalysisCode> told() {
        return events.stream()
                .map(e -> ((OrchestratorEvent.AnalysisChanged) e).analysis().code())
                .toList();
    }

    private void awaitTold(AnalysisCode... codes) {
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            poll();
            return told().equals(List.of(codes));
        });
    }

    private void awaitHandled(AnalysisCode code) {
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            poll();
            return handled.stream().anyMatch(f -> f.code() == code);
        });
    }

    private void staysUnhandled() {
        await().during(Duration.ofMillis(A_WHILE_MILLIS))
                .atMost(Duration.ofSeconds(5))
                .until(() -> {
                    poll();
                    return handled.isEmpty();
                });
    }

    private void allLost() {
        for (String replica : List.of("r1", "r2", "r3")) {
            servers.receiver(replica, ReplicationThreadState.CONNECTING);
        }
    }

    @Test
    void tellsEachChangeOfAFindingOnce() {
        servers.primaryFails(ProbeFailure.Kind.REFUSED);
        allLost();
        awaitTold(AnalysisCode.DEAD_PRIMARY);
        poll();
        poll();
        awaitTold(AnalysisCode.DEAD_PRIMARY);
        assertThat(watch.findings()).extracting(FailureAnalysis::code).containsExactly(AnalysisCode.DEAD_PRIMARY);
        servers.allIsWell();
        awaitTold(AnalysisCode.DEAD_PRIMARY, AnalysisCode.NO_PROBLEM);
        assertThat(watch.findings()).isEmpty();
    }

    @Test
    void handsOnWhatCanBeActedUponOnlyWhileItLeads() {
        leading.set(false);
        servers.primaryFails(ProbeFailure.Kind.REFUSED);
        allLost();
        awaitTold(AnalysisCode.DEAD_PRIMARY);
        assertThat(handled).isEmpty();
        assertThat(servers.suspected).isEmpty();
        leading.set(true);
        awaitHandled(AnalysisCode.DEAD_PRIMARY);
    }

    @Test
    void hasASilentSourceSuspectedOnceForEachFailure() {
        servers.primaryFails(ProbeFailure.Kind.REFUSED);
        allLost();
        awaitHandled(AnalysisCode.DEAD_PRIMARY);
        assertThat(servers.suspected).containsExactly("p poll failed: REFUSED (for a test)");
        servers.primaryAnswers();
        await().until(() -> {
            poll();
            return told().contains(AnalysisCode.ALL_PRIMARY_REPLICAS_NOT_REPLICATING);
        });
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        await().until(() -> {
            poll();
            return servers.suspected.size() == 2;
        });
    }

    @Test
    void hasASourceSuspectedWhenAReplicaLosesIt() {
        poll();
        servers.receiver("r2", ReplicationThreadState.CONNECTING);
        awaitTold(AnalysisCode.FIRST_TIER_REPLICA_FAILING_TO_CONNECT);
        await().until(() -> !servers.suspected.isEmpty());
        poll();
        assertThat(servers.suspected).containsExactly("p replica r2:3306 has lost its connection");
    }

    @Test
    void readsReplicasAgainUntilTheyNoticeACrash() {
        servers.losesSourceAfterProbes("r1", 4);
        servers.losesSourceAfterProbes("r2", 6);
        servers.losesSourceAfterProbes("r3", 8);
        servers.primaryFails(ProbeFailure.Kind.REFUSED);
        watch.fleetChanged(servers.current(), Set.of(FleetBuilder.CLUSTER));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> handled.stream().anyMatch(f -> f.code() == AnalysisCode.DEAD_PRIMARY));
        assertThat(servers.commands).isEmpty();
    }

    @Test
    void restartsOneReceiverOfAFrozenPrimaryAndTakesItForTheOthers() {
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        awaitHandled(AnalysisCode.DEAD_PRIMARY);
        assertThat(servers.commands).containsExactly("r1: restart the receiver");
        assertThat(servers.guards).containsExactly(new Guard(MemberBuilder.uuid("r1"), 4711));
        assertThat(audit).singleElement().satisfies(e -> {
            assertThat(e.type()).isEqualTo("test-receiver");
            assertThat(e.message()).contains("p:3306").contains("does not find its source either");
        });
        assertThat(told()).containsExactly(AnalysisCode.UNREACHABLE_PRIMARY, AnalysisCode.DEAD_PRIMARY);
        assertThat(handled.get(0).evidence())
                .anySatisfy(e -> assertThat(e).contains("receiver of r1:3306 was restarted"));
    }

    @Test
    void doesNotTestAgainWhenTheReceiverFindsItsSource() {
        servers.afterRestart(ReplicationThreadState.RUNNING);
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        await().until(() -> {
            poll();
            return audit.size() == 1;
        });
        assertThat(audit.get(0).message()).contains("it found its source");
        staysUnhandled();
        assertThat(servers.commands).hasSize(1);
        time.advance(Duration.ofSeconds(31));
        await().until(() -> {
            poll();
            return servers.commands.size() == 2;
        });
    }

    @Test
    void aReceiverThatConnectsForAMomentHasNotLostItsSource() {
        servers.findsSourceAfterProbes(3);
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        await().until(() -> {
            poll();
            return audit.size() == 1;
        });
        assertThat(audit.get(0).message()).contains("it found its source");
        staysUnhandled();
    }

    @Test
    void aReceiverThatItsSourceRefusesProvesThatItLives() {
        servers.afterRestart(ReplicationThreadState.CONNECTING, 1045);
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        await().until(() -> {
            poll();
            return audit.stream().anyMatch(e -> e.message().contains("its source refused it, so it lives"));
        });
        staysUnhandled();
    }

    @Test
    void aReceiverThatStopsWithAnErrorAfterItsRestartEndsTestingUntilItRunsAgain() {
        servers.afterRestart(ReplicationThreadState.STOPPED, 13117);
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        await().until(() -> {
            poll();
            return audit.stream().anyMatch(e -> e.message().contains("did not come back"));
        });
        time.advance(Duration.ofSeconds(31));
        staysUnhandled();
        assertThat(servers.commands).hasSize(1);
        assertThat(watch.findings().get(0).evidence())
                .anySatisfy(e -> assertThat(e).contains("that of r1:3306 did not come back after one"));
        servers.receiver("r1", ReplicationThreadState.RUNNING);
        await().until(() -> {
            poll();
            return servers.commands.size() == 2;
        });
    }

    @Test
    void aCrashIsTestedForOnlyAfterSomePatience() {
        servers.primaryFails(ProbeFailure.Kind.REFUSED);
        poll();
        await().until(() -> watch.findings().size() == 1);
        assertThat(servers.commands).isEmpty();
        time.advance(Duration.ofMillis(300));
        awaitHandled(AnalysisCode.DEAD_PRIMARY);
        assertThat(servers.commands).containsExactly("r1: restart the receiver");
    }

    @Test
    void startsTheReceiverAgainWhenTheRestartFails() {
        servers.refuse(new OrchestratorException(ErrorCode.INSTANCE_UNREACHABLE, "no answer in time"));
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        await().until(() -> {
            poll();
            return servers.commands.contains("r1: start the receiver");
        });
        await().until(() -> audit.stream().anyMatch(e -> e.message().contains("no answer in time; started it again")));
        staysUnhandled();
    }

    @Test
    void leavesAReceiverAloneThatTheGuardProtected() {
        servers.refuse(new OrchestratorException(ErrorCode.GUARD_REFUSED, "another server"));
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        await().until(() -> {
            poll();
            return audit.size() >= 1;
        });
        assertThat(servers.commands).noneMatch(c -> c.contains("start the receiver") && !c.contains("restart"));
    }

    @Test
    void handsNothingOnWhileAReceiverIsBeingRestarted() throws InterruptedException {
        CountDownLatch restarting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        servers.duringRestart(() -> {
            restarting.countDown();
            awaitUninterruptibly(goOn);
        });
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        poll();
        assertThat(restarting.await(5, TimeUnit.SECONDS)).isTrue();
        allLost();
        awaitTold(AnalysisCode.UNREACHABLE_PRIMARY, AnalysisCode.DEAD_PRIMARY);
        assertThat(handled).isEmpty();
        goOn.countDown();
        awaitHandled(AnalysisCode.DEAD_PRIMARY);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void restartsNothingWhenItMustNot() {
        watch.close();
        watch = watch(false);
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        staysUnhandled();
        assertThat(servers.commands).isEmpty();
        assertThat(watch.findings().get(0).evidence())
                .contains("no receiver is restarted as a test: recoveries are disabled");
    }

    @Test
    void restartsNothingWhileRecoveriesAreDisabled() {
        intents.set(new Intents(false, Map.of(), Map.of(), Map.of()));
        servers.primaryFails(ProbeFailure.Kind.TIMEOUT);
        staysUnhandled();
        assertThat(servers.commands).isEmpty();
    }

    @Test
    void aFindingStandsWhileTheRecoveryStopsTheReceivers() {
        servers.primaryFails(ProbeFailure.Kind.REFUSED);
        allLost();
        awaitHandled(AnalysisCode.DEAD_PRIMARY);
        for (String replica : List.of("r1", "r2", "r3")) {
            servers.receiver(replica, ReplicationThreadState.STOPPED);
        }
        poll();
        poll();
        await().during(Duration.ofMillis(100)).until(() -> told().equals(List.of(AnalysisCode.DEAD_PRIMARY)));
    }
}
