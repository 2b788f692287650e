package dev.orchestrator.engine.internal.shell.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.internal.core.leader.LeaseSettings;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turn by turn, in a time that stands still between them. */
class LeaseKeeperTest {
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration RENEW = Duration.ofMillis(750);
    private static final Duration CERTAIN = Duration.ofMillis(2700);

    private final SettableTime time = new SettableTime();
    private final InMemoryBackend backend = new InMemoryBackend(time);
    private final List<LeaseKeeper> made = new ArrayList<>();

    @AfterEach
    void closeAll() {
        backend.comeBack();
        made.forEach(LeaseKeeper::close);
    }

    @Test
    void takesAFreeLeaseAndLeadsUntilTheMarginBeforeItsEnd() {
        LeaseKeeper keeper = keeper("a", backend);
        assertThat(keeper.standing()).isEqualTo(Standing.NOT_LEADING);
        keeper.turn();
        assertThat(keeper.standing()).isEqualTo(Standing.LEADING);
        assertThat(keeper.epoch()).hasValue(1);
        assertThat(keeper.certainFor()).isEqualTo(CERTAIN);
        time.advance(CERTAIN.minusNanos(1));
        assertThat(keeper.standing()).isEqualTo(Standing.LEADING);
        time.advance(Duration.ofNanos(1));
        assertThat(keeper.standing()).isEqualTo(Standing.UNKNOWN);
        assertThat(keeper.held()).isEmpty();
        assertThat(keeper.epoch()).isEmpty();
        assertThat(keeper.certainFor()).isZero();
    }

    @Test
    void leavesALeaseToWhoHoldsIt() {
        keeper("a", backend).turn();
        LeaseKeeper second = keeper("b", backend.anotherNode());
        second.turn();
        assertThat(second.standing()).isEqualTo(Standing.NOT_LEADING);
        assertThat(second.leader()).map(l -> l.node()).contains("a");
    }

    @Test
    void takesOverWhenTheHolderNoLongerRenews() {
        LeaseKeeper first = keeper("a", backend);
        first.turn();
        LeaseKeeper second = keeper("b", backend.anotherNode());
        time.advance(TTL);
        second.turn();
        assertThat(second.epoch()).hasValue(2);
        assertThat(first.standing()).isNotEqualTo(Standing.LEADING);
        first.turn();
        assertThat(first.standing()).isEqualTo(Standing.NOT_LEADING);
    }

    @Test
    void keepsTheEpochWhileItRenews() {
        LeaseKeeper keeper = keeper("a", backend);
        for (int i = 0; i < 20; i++) {
            Duration next = keeper.turn();
            assertThat(next).isEqualTo(i == 0 ? RENEW : next);
            time.advance(RENEW);
            assertThat(keeper.epoch()).hasValue(1);
        }
    }

    @Test
    void countsALeaseFromWhenItWasAskedForNotFromTheAnswer() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.turn();
        time.advance(RENEW);
        // The backend grants it, and the answer takes two seconds.
        backend.beforeEachCall(() -> time.advance(Duration.ofSeconds(2)));
        keeper.turn();
        backend.beforeEachCall(() -> {});
        assertThat(keeper.certainFor()).isEqualTo(CERTAIN.minusSeconds(2));
    }

    @Test
    void neverLeadsByAGrantThatArrivesTooLate() {
        LeaseKeeper keeper = keeper("a", backend);
        backend.beforeEachCall(() -> time.advance(CERTAIN));
        keeper.turn();
        assertThat(keeper.standing()).isEqualTo(Standing.UNKNOWN);
    }

    @Test
    void keepsLeadingWhileTheBackendIsAwayUntilTheLeaseCanHaveRunOut() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.turn();
        backend.goAway();
        time.advance(RENEW);
        Duration soon = keeper.turn();
        assertThat(soon).isLessThan(RENEW);
        assertThat(keeper.standing()).isEqualTo(Standing.LEADING);
        time.advance(CERTAIN.minus(RENEW));
        assertThat(keeper.standing()).isEqualTo(Standing.UNKNOWN);
        keeper.turn();
        assertThat(keeper.standing()).isEqualTo(Standing.UNKNOWN);
    }

    @Test
    void goesOnInTheSameEpochWhenTheBackendIsBackBeforeTheLeaseRanOut() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.turn();
        backend.goAway();
        time.advance(CERTAIN);
        keeper.turn();
        backend.comeBack();
        keeper.turn();
        assertThat(keeper.epoch()).hasValue(1);
    }

    @Test
    void standsAnewInANewEpochWhenTheLeaseRanOutMeanwhile() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.turn();
        backend.goAway();
        time.advance(TTL);
        keeper.turn();
        backend.comeBack();
        keeper.turn();
        assertThat(keeper.standing()).isEqualTo(Standing.NOT_LEADING);
        keeper.turn();
        assertThat(keeper.epoch()).hasValue(2);
    }

    @Test
    void doesNotKnowWhoLeadsWhileTheBackendCannotBeAsked() {
        LeaseKeeper keeper = keeper("a", backend);
        backend.goAway();
        keeper.turn();
        assertThat(keeper.standing()).isEqualTo(Standing.UNKNOWN);
        assertThatThrownBy(keeper::leader)
                .isInstanceOf(OrchestratorException.class)
                .extracting(e -> ((OrchestratorException) e).code())
                .isEqualTo(ErrorCode.BACKEND_UNAVAILABLE);
        backend.comeBack();
        keeper.turn();
        assertThat(keeper.standing()).isEqualTo(Standing.LEADING);
    }

    @Test
    void tellsTheLossWhileACallOfTheBackendHangs() {
        InMemoryBackend hanging = InMemoryBackend.onSystemClock();
        LeaseKeeper keeper = new LeaseKeeper(
                hanging.leases(),
                new LeaseSettings("leader", "a", Duration.ofMillis(400), Duration.ofMillis(50), true),
                System::nanoTime,
                IdleCheck.AT_ONCE,
                CandidacyCheck.FREE);
        made.add(keeper);
        RecordingElectionListener listener = new RecordingElectionListener();
        keeper.addListener(listener);
        keeper.start();
        await().until(() -> listener.told().contains("gained 1"));
        hanging.hang();
        await().atMost(Duration.ofSeconds(3)).until(() -> listener.told().contains("lost 1"));
        assertThat(keeper.standing()).isEqualTo(Standing.UNKNOWN);
        assertThatThrownBy(keeper::seize)
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("no answer within");
        hanging.comeBack();
        await().until(() -> keeper.standing() == Standing.LEADING);
        assertThat(listener.told())
                .startsWith("gained 1", "lost 1")
                .last()
                .asString()
                .startsWith("gained");
    }

    @Test
    void whoSeizesLeadsOnlyWhenTheFormerLeaderCannotActAnyMore() {
        LeaseKeeper first = keeper("a", backend);
        LeaseKeeper second = keeper("b", backend.anotherNode());
        first.turn();
        second.seize();
        assertThat(second.leader()).map(l -> l.node()).contains("b");
        int turns = 0;
        while (second.standing() != Standing.LEADING) {
            assertThat(++turns).as("turns until the new leader leads").isLessThan(20);
            // The former leader hears nothing: it is cut off, and trusts its lease.
            time.advance(Duration.ofMillis(200));
            second.turn();
            assertThat(List.of(first.standing(), second.standing()))
                    .as("never two")
                    .isNotEqualTo(List.of(Standing.LEADING, Standing.LEADING));
        }
        assertThat(second.epoch()).hasValue(2);
        first.turn();
        assertThat(first.standing()).isEqualTo(Standing.NOT_LEADING);
    }

    @Test
    void seizingAFreeLeaseLeadsAtOnce() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.seize();
        assertThat(keeper.epoch()).hasValue(1);
        keeper.seize();
        assertThat(keeper.epoch()).as("seized by who leads already").hasValue(1);
    }

    @Test
    void whoResignedLetsOthersTakeItForOneLeaseTime() {
        LeaseKeeper first = keeper("a", backend);
        first.turn();
        first.resign();
        assertThat(first.standing()).isEqualTo(Standing.NOT_LEADING);
        first.turn();
        assertThat(first.standing()).isEqualTo(Standing.NOT_LEADING);
        LeaseKeeper second = keeper("b", backend.anotherNode());
        second.turn();
        assertThat(second.epoch())
                .as("taken without waiting for the end of the lease")
                .hasValue(2);
        second.resign();
        time.advance(TTL);
        first.turn();
        assertThat(first.epoch()).hasValue(3);
    }

    @Test
    void resigningByWhoDoesNotLeadChangesNothing() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.resign();
        keeper.turn();
        assertThat(keeper.standing()).isEqualTo(Standing.LEADING);
    }

    @Test
    void leavesTheLeaseToRunOutWhenSomethingBegunUnderItIsNotOver() {
        LeaseKeeper keeper =
                new LeaseKeeper(backend.leases(), terms("a", true), time, limit -> false, CandidacyCheck.FREE);
        made.add(keeper);
        keeper.turn();
        keeper.resign();
        assertThat(keeper.standing()).isEqualTo(Standing.NOT_LEADING);
        assertThat(backend.leases().current("leader"))
                .as("nobody else may lead yet")
                .isPresent();
    }

    @Test
    void vacatingSomebodyElsesLeadershipNeverMakesTwoLeaders() {
        LeaseKeeper first = keeper("a", backend);
        LeaseKeeper second = keeper("b", backend.anotherNode());
        first.turn();
        second.vacate();
        second.turn();
        assertThat(first.standing()).isEqualTo(Standing.LEADING);
        assertThat(second.standing()).isEqualTo(Standing.NOT_LEADING);
        first.turn();
        assertThat(first.standing()).isEqualTo(Standing.NOT_LEADING);
        time.advance(TTL);
        second.turn();
        assertThat(second.standing()).isEqualTo(Standing.LEADING);
        second.vacate();
        assertThat(second.standing()).isEqualTo(Standing.NOT_LEADING);
        first.turn();
        assertThat(first.standing()).isEqualTo(Standing.LEADING);
    }

    @Test
    void whoIsNoCandidateOnlyObservesUntilItIsToldToSeize() {
        LeaseKeeper keeper =
                new LeaseKeeper(backend.leases(), terms("a", false), time, IdleCheck.AT_ONCE, CandidacyCheck.FREE);
        made.add(keeper);
        keeper.turn();
        assertThat(keeper.standing()).isEqualTo(Standing.NOT_LEADING);
        assertThat(backend.calls()).as("asks nothing").isZero();
        keeper.seize();
        time.advance(RENEW);
        keeper.turn();
        assertThat(keeper.certainFor()).isEqualTo(CERTAIN);
    }

    @Test
    void closingFreesTheLeaseAndTellsTheLoss() {
        LeaseKeeper keeper = keeper("a", backend);
        RecordingElectionListener listener = new RecordingElectionListener();
        keeper.addListener(listener);
        keeper.turn();
        await().until(() -> !listener.told().isEmpty());
        keeper.close();
        keeper.close();
        assertThat(listener.told()).containsExactly("gained 1", "lost 1");
        assertThat(backend.leases().current("leader")).isEmpty();
        assertThat(keeper.standing()).isEqualTo(Standing.NOT_LEADING);
        assertThatThrownBy(keeper::seize).hasMessageContaining("closed");
    }

    @Test
    void aListenerThatComesLateOrFailsHarmsNobody() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.addListener(new FailingListener());
        keeper.turn();
        RecordingElectionListener late = new RecordingElectionListener();
        keeper.addListener(late);
        await().until(() -> late.told().equals(List.of("gained 1")));
    }

    @Test
    void aBackendThatLostItsLastRowsEndsTheTenure() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.turn();
        // Another lineage of the same epoch: same number, other token.
        InMemoryBackend restored = new InMemoryBackend(time);
        assertThat(restored.leases().acquire("leader", "x", TTL))
                .map(l -> l.epoch())
                .isEqualTo(Optional.of(1L));
        assertThat(restored.leases().renew(keeper.held().orElseThrow().lease())).isFalse();
    }

    @Test
    void goesOnWithAGreaterEpochAndListenersLearnOfItWhenItIsAnnounced() {
        LeaseKeeper keeper = keeper("a", backend);
        RecordingElectionListener listener = new RecordingElectionListener();
        keeper.addListener(listener);
        keeper.turn();
        await().until(() -> listener.told().equals(List.of("gained 1")));
        Lease former = keeper.held().orElseThrow().lease();
        List<Lease> granted = new ArrayList<>();
        Lease next = keeper.succeed(former, granted::add).orElseThrow();
        assertThat(granted).containsExactly(next);
        assertThat(keeper.held().orElseThrow().lease()).isEqualTo(next);
        assertThat(keeper.epoch()).hasValue(2);
        keeper.turn();
        assertThat(listener.told()).containsExactly("gained 1");
        keeper.announce();
        await().until(() -> listener.told().equals(List.of("gained 1", "lost 1", "gained 2")));
        assertThat(keeper.succeed(former, granted::add)).isEmpty();
        assertThat(keeper.epoch()).hasValue(2);
    }

    @Test
    void aLeaseThatSucceedsOneThatIsGivenUpMeanwhileIsLeftToRunOut() {
        LeaseKeeper keeper = keeper("a", backend);
        keeper.turn();
        Lease former = keeper.held().orElseThrow().lease();
        assertThat(keeper.succeed(former, next -> keeper.resign())).isEmpty();
        assertThat(keeper.held()).isEmpty();
        assertThat(backend.leases().current("leader"))
                .as("what was begun under the former one may be under way")
                .isPresent();
    }

    @Test
    void doesNotTakeAFreeLeaseWhileTheBallotRefusesOrItRests() {
        AtomicBoolean may = new AtomicBoolean();
        LeaseKeeper keeper = new LeaseKeeper(backend.leases(), terms("a", true), time, IdleCheck.AT_ONCE, may::get);
        made.add(keeper);
        keeper.turn();
        assertThat(keeper.held()).isEmpty();
        may.set(true);
        keeper.rest();
        keeper.turn();
        assertThat(keeper.held()).isEmpty();
        time.advance(TTL);
        keeper.turn();
        assertThat(keeper.epoch()).hasValue(1);
    }

    @Test
    void refusesTimesThatDoNotFit() {
        assertThatThrownBy(() -> new LeaseSettings("leader", "a", TTL, Duration.ofSeconds(2), true))
                .hasMessageContaining("at most half of it");
        assertThatThrownBy(() -> new LeaseSettings("leader", "a", Duration.ofMillis(100), Duration.ofMillis(10), true))
                .hasMessageContaining("too short");
        assertThatThrownBy(() -> new LeaseSettings("leader", " ", TTL, RENEW, true))
                .hasMessageContaining("needs a name");
    }

    private LeaseKeeper keeper(String node, InMemoryBackend view) {
        LeaseKeeper keeper =
                new LeaseKeeper(view.leases(), terms(node, true), time, IdleCheck.AT_ONCE, CandidacyCheck.FREE);
        made.add(keeper);
        return keeper;
    }

    private static LeaseSettings terms(String node, boolean candidate) {
        return new LeaseSettings("leader", node, TTL, RENEW, candidate);
    }

    private static final class FailingListener implements dev.orchestrator.api.LeaderElection.Listener {
        @Override
        public void gained(long epoch) {
            throw new IllegalStateException("a listener that fails");
        }

        @Override
        public void lost(long epoch) {
            throw new IllegalStateException("a listener that fails");
        }
    }
}
