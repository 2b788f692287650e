package dev.orchestrator.engine.internal.core.analysis;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.frozen;
import static dev.orchestrator.engine.internal.core.analysis.ProblemCases.star;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ReceiverTestChoiceTest {
    private static Optional<InstanceKey> choose(FleetBuilder fleet, String... excluded) {
        Set<InstanceKey> keys = new java.util.HashSet<>();
        for (String name : excluded) {
            keys.add(key(name));
        }
        return ReceiverTestChoice.choose(
                        fleet.with(frozen(), "p").build(), key("p"), keys, Set.of(), ProblemCases.POLICY)
                .map(FleetMember::key);
    }

    private static UnaryOperator<MemberBuilder> acknowledging() {
        return m -> m.semiSync(new SemiSyncState(true, false, false, true, true, 0, Duration.ZERO, 0));
    }

    private static UnaryOperator<MemberBuilder> waitingFor(int replicas) {
        return m -> m.semiSync(new SemiSyncState(true, true, true, false, false, replicas, Duration.ofHours(1), 3));
    }

    private static UnaryOperator<MemberBuilder> received(int transactions) {
        return m -> m.retrieved(MemberBuilder.uuid("p") + ":1-" + transactions);
    }

    @Test
    void takesTheLeastAdvanced() {
        assertThat(choose(star().with(received(9), "r1").with(received(7), "r2").with(received(8), "r3")))
                .contains(key("r2"));
    }

    @Test
    void leavesOutWhoIsExcluded() {
        assertThat(choose(star(), "r1", "r2")).contains(key("r3"));
        assertThat(choose(star(), "r1", "r2", "r3")).isEmpty();
    }

    @Test
    void testsAgainWhoHasLostItsSourceAlreadyRatherThanOneThatIsConnected() {
        FleetBuilder fleet = star().with(m -> m.receiver(ReplicationThreadState.CONNECTING), "r3");
        assertThat(choose(fleet)).isNotEqualTo(Optional.of(key("r3")));
        assertThat(ReceiverTestChoice.choose(fleet.build(), key("p"), Set.of(), Set.of(key("r3")), ProblemCases.POLICY)
                        .map(FleetMember::key))
                .contains(key("r3"));
    }

    /**
     * Seen before on real servers: one that had been refused for long was refused once more in the moment of the death. Its
     * test found nobody, and that counted as a loss that it could not have noticed: the primary was replaced.
     */
    @Test
    void takesOneThatWasRefusedOnlyIfItWasConnectedShortlyBeforeTheFailure() {
        UnaryOperator<MemberBuilder> refused =
                m -> m.receiver(ReplicationThreadState.CONNECTING).receiverError(1045, Duration.ofSeconds(1));
        FleetBuilder one = new FleetBuilder(ProblemCases.NOW)
                .primary("p")
                .replica("r1", "p")
                .with(refused, "r1");
        assertThat(choose(one)).contains(key("r1"));
        assertThat(choose(one.with(m -> m.connectedAgo(Duration.ofMinutes(5)), "r1")))
                .isEmpty();
        assertThat(choose(one.with(m -> m.connectedAgo(null), "r1"))).isEmpty();
    }

    @Test
    void neverTakesTheOnlyAcknowledgingReplica() {
        assertThat(choose(new FleetBuilder(ProblemCases.NOW)
                        .primary("p")
                        .replica("r1", "p")
                        .with(acknowledging(), "r1")))
                .isEmpty();
        assertThat(choose(star().with(waitingFor(1), "p").with(acknowledging(), "r1")))
                .contains(key("r2"));
    }

    @Test
    void neverTakesAnAcknowledgingReplicaWhenAllAreNeeded() {
        assertThat(choose(star().with(waitingFor(3), "p").with(acknowledging(), "r1", "r2", "r3")))
                .isEmpty();
        assertThat(choose(star().with(waitingFor(2), "p").with(acknowledging(), "r1", "r2", "r3")))
                .contains(key("r1"));
    }

    @Test
    void prefersOneThatAcknowledgesNothing() {
        assertThat(choose(star().with(waitingFor(1), "p")
                        .with(acknowledging(), "r1", "r2")
                        .with(received(9), "r3")))
                .contains(key("r3"));
    }

    @Test
    void neverTakesADelayedOrStoppedOrUnreachableOneOrOneByPosition() {
        assertThat(choose(star().with(m -> m.channel(c -> c.configuredDelay(Duration.ofHours(1))), "r1")
                        .with(ProblemCases.stopped(), "r2")
                        .with(ProblemCases.gone(), "r3")))
                .isEmpty();
        assertThat(choose(star().with(m -> m.channel(c -> c.autoPosition(false)), "r1", "r2", "r3")))
                .isEmpty();
    }

    @Test
    void takesMariaDbOnlyWhenEverythingReceivedIsApplied() {
        UnaryOperator<MemberBuilder> drained =
                m -> m.channel(c -> c.autoPosition(false).mariaDbGtid(true).retrievedGtids(GtidSet.parse("0-1-9")))
                        .executed("0-1-9");
        UnaryOperator<MemberBuilder> behind =
                m -> m.channel(c -> c.autoPosition(false).mariaDbGtid(true).retrievedGtids(GtidSet.parse("0-1-9")))
                        .executed("0-1-8");
        assertThat(choose(star().with(drained, "r3").with(behind, "r1", "r2"))).contains(key("r3"));
        assertThat(choose(star().with(behind, "r1", "r2", "r3"))).isEmpty();
    }
}
