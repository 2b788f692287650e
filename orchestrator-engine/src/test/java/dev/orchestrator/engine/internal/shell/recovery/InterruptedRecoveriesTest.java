package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the next leader makes of a recovery that was left under way. */
@Timeout(30)
class InterruptedRecoveriesTest {
    private final RecoveryWorld world = new RecoveryWorld(3);

    @AfterEach
    void close() {
        world.close();
        assertThat(world.servers.violations()).isEmpty();
    }

    /** The leader loses its leadership after a certain command, and so leaves its recovery under way. */
    private void interruptAfter(Predicate<InstanceCommand> which) {
        world.servers.killPrimary();
        world.servers.afterCommand((key, command) -> {
            if (which.test(command)) {
                world.depose();
            }
        });
        world.report();
        await().until(() -> !world.records().isEmpty() && world.coordinator.isIdle());
        assertThat(world.record().isActive()).isTrue();
        world.servers.afterCommand((key, command) -> {});
        assertThat(world.events)
                .as("listeners of the node that lost the right")
                .filteredOn(e -> e instanceof OrchestratorEvent.RecoveryEnded)
                .singleElement()
                .satisfies(e -> assertThat(
                                ((OrchestratorEvent.RecoveryEnded) e).recovery().isActive())
                        .isTrue());
    }

    @Test
    void isGivenUpWhenNobodyWasPromotedAndDetectionBeginsAnewUnhindered() {
        interruptAfter(c -> c instanceof InstanceCommand.StopReceiver);
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            await().until(() -> next.ended().isPresent());
            RecoveryRecord record = next.record();
            assertThat(record.successful()).isFalse();
            assertThat(record.acknowledged()).isTrue();
            assertThat(record.errors()).anyMatch(e -> e.contains("node1 vanished"));
            for (int n = 2; n <= 4; n++) {
                assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.CONNECTING);
            }

            next.report();
            await().until(() -> next.records().size() == 2 && next.ended().isPresent());
            assertThat(next.record().successful()).isTrue();
            assertThat(next.record().successor()).isEqualTo(key(2));
        }
    }

    @Test
    void isFinishedWhenSomebodyWasPromotedAlready() {
        interruptAfter(c -> c.equals(new InstanceCommand.SetReadOnly(false)));
        assertThat(world.servers.server(2).readOnly).isFalse();
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            await().until(() -> next.ended().isPresent());
            RecoveryRecord record = next.record();

            assertThat(record.successful()).isTrue();
            assertThat(record.successor()).isEqualTo(key(2));
            assertThat(record.participants()).contains(key(2), key(3), key(4));
            assertThat(world.servers.server(2).source).isNull();
            for (int n = 3; n <= 4; n++) {
                assertThat(world.servers.server(n).source).isEqualTo(key(2));
                assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.RUNNING);
            }
            assertThat(next.backend.fences().standing())
                    .singleElement()
                    .satisfies(f -> assertThat(f.instance()).isEqualTo(key(1)));
        }
    }

    @Test
    void aLivingPersonsOrderIsNotTakenOver() {
        world.servers.killPrimary();
        world.servers.change(() -> {
            world.servers.server(2).retrieved = ScriptedFleet.gtids("1-12");
            world.servers.server(2).applierBlocked = true;
        });
        Thread order = new Thread(() -> world.coordinator.recover(
                new dev.orchestrator.api.recovery.RecoveryRequest(key(1), null, RecoveryWorld.OPERATOR)));
        order.start();
        await().until(() -> world.servers.commandsTo(4).contains("StopReceiver"));
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            next.coordinator.start();
            await().during(Duration.ofMillis(300)).until(() -> next.record().isActive());
            world.servers.change(() -> world.servers.server(2).applierBlocked = false);
            await().until(() -> next.ended().isPresent());
            assertThat(next.record().successful()).isTrue();
            assertThat(next.record().node()).isEqualTo("node1");
        }
    }

    /** Seen before: the replicas were pointed back to the dead primary, or another one was promoted. */
    @Test
    void aSuccessorThatIsSilentForAWhileIsWaitedFor() {
        interruptAfter(c -> c.equals(new InstanceCommand.SetReadOnly(false)));
        world.servers.change(() -> world.servers.server(2).frozen = true);
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            int told = world.servers.commands().size();
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(6))
                    .until(() ->
                            next.record().isActive() && world.servers.commands().size() == told);
            world.servers.change(() -> world.servers.server(2).frozen = false);
            await().until(() -> next.ended().isPresent());

            assertThat(next.record().successful()).isTrue();
            assertThat(next.record().successor()).isEqualTo(key(2));
            assertThat(world.servers.server(3).source).isEqualTo(key(2));
            assertThat(world.servers.server(4).source).isEqualTo(key(2));
        }
    }

    @Test
    void aSuccessorThatDiedMeanwhileIsFencedAndAnotherOneChosen() {
        interruptAfter(c -> c.equals(new InstanceCommand.SetReadOnly(false)));
        world.servers.kill(2);
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            await().atMost(Duration.ofSeconds(20)).until(() -> next.ended().isPresent());

            assertThat(next.record().successful()).isTrue();
            assertThat(next.record().successor()).isEqualTo(key(3));
            assertThat(next.record().errors()).anyMatch(e -> e.contains("what was written to it may be lost"));
            assertThat(next.backend.fences().standing())
                    .extracting(f -> f.instance())
                    .containsExactlyInAnyOrder(key(1), key(2));
            assertThat(world.servers.server(4).source).isEqualTo(key(3));
        }
    }

    /** Seen before: it waited for the lock for ever. */
    @Test
    void aPersonsLocksHoldNothingUpAndTheReceiversThatWereStoppedRunAgain() {
        interruptAfter(c -> c instanceof InstanceCommand.StopReceiver);
        try (RecoveryWorld next = world.successor()) {
            world.backend.locks().active().forEach(l -> world.backend.locks().end(l.instance()));
            next.locks.begin(key(1), RecoveryWorld.OPERATOR, "looking at it", Duration.ofHours(1));
            next.locks.begin(key(3), RecoveryWorld.OPERATOR, "looking at it", Duration.ofHours(1));
            next.coordinator.leadershipGained();
            await().until(() -> next.ended().isPresent());

            assertThat(next.record().successful()).isFalse();
            for (int n = 2; n <= 4; n++) {
                assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.CONNECTING);
            }
            assertThat(next.backend.locks().active()).hasSize(2);
        }
    }

    @Test
    void aReceiverThatStoodStillBeforeIsNotStarted() {
        world.servers.change(() -> world.servers.server(4).receiver = ReplicationThreadState.STOPPED);
        world.readAll();
        interruptAfter(c -> c instanceof InstanceCommand.StopReceiver);
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            await().until(() -> next.ended().isPresent());

            assertThat(world.servers.server(3).receiver).isEqualTo(ReplicationThreadState.CONNECTING);
            assertThat(world.servers.server(4).receiver).isEqualTo(ReplicationThreadState.STOPPED);
        }
    }

    /** What people do by hand with a cluster that nobody looks after: db3 is the primary, the others are below it. */
    private void repairedByHand(int... below) {
        world.servers.change(() -> {
            ScriptedServer primary = world.servers.server(3);
            primary.source = null;
            primary.receiver = ReplicationThreadState.NONE;
            primary.applier = ReplicationThreadState.NONE;
            primary.retrieved = GtidSet.empty();
            primary.readOnly = false;
            for (int n : below) {
                world.servers.server(n).alive = true;
                world.servers.server(n).readOnly = true;
                world.servers.server(n).below(primary.key);
            }
        });
        world.readAll();
    }

    private void assertEndedWithNothingTouched(RecoveryWorld next, int told) {
        await().until(() -> next.ended().filter(RecoveryRecord::acknowledged).isPresent());
        RecoveryRecord record = next.record();
        assertThat(record.successful()).isFalse();
        assertThat(record.errors()).anyMatch(e -> e.contains("db3:3306 is writable") && e.contains("expected"));
        assertThat(world.servers.commands()).hasSize(told);
        assertThat(next.events).noneMatch(OrchestratorEvent.PrimaryPromoted.class::isInstance);
    }

    /** Seen before: the successor was made writable beside the primary that people had made. */
    @Test
    void aNamedSuccessorIsNotPromotedBesideAPrimaryThatPeopleMadeMeanwhile() {
        interruptAfter(c -> c.equals(new InstanceCommand.SetReadOnly(false)));
        world.servers.change(() -> world.servers.server(2).readOnly = true);
        repairedByHand(2, 4);
        int told = world.servers.commands().size();
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            assertEndedWithNothingTouched(next, told);
            assertThat(world.servers.server(2).readOnly).isTrue();
            assertThat(world.servers.server(2).source).isEqualTo(key(3));
            assertThat(next.record().acknowledgedComment()).doesNotContain("before anybody was promoted");
            assertThat(next.backend.fences().standing())
                    .as("the former primary is not to take writes beside it")
                    .singleElement()
                    .satisfies(f -> assertThat(f.instance()).isEqualTo(key(1)));
        }
    }

    @Test
    void aSuccessorThatWasSilentIsLookedAtWhenItAnswers() {
        interruptAfter(c -> c.equals(new InstanceCommand.SetReadOnly(false)));
        world.servers.change(() -> {
            world.servers.server(2).readOnly = true;
            world.servers.server(2).frozen = true;
        });
        int told = world.servers.commands().size();
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> next.record().isActive());
            repairedByHand(2, 4);
            world.servers.change(() -> world.servers.server(2).frozen = false);
            assertEndedWithNothingTouched(next, told);
            assertThat(world.servers.server(2).readOnly).isTrue();
        }
    }

    /** Seen before: the former primary was made writable, and a replica was taken away from the new one. */
    @Test
    void nothingIsPutBackBelowAFormerPrimaryWhosePlacePeopleGaveToAnother() {
        interruptAfter(c -> c instanceof InstanceCommand.StopReceiver);
        repairedByHand(1, 2, 4);
        int told = world.servers.commands().size();
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            assertEndedWithNothingTouched(next, told);
            assertThat(world.servers.server(1).readOnly).isTrue();
            assertThat(world.servers.server(4).source).isEqualTo(key(3));
        }
    }

    @Test
    void aFormerPrimaryThatPeopleMadeReadOnlyIsNotOpenedWhenNobodyWasEverNamed() {
        interruptAfter(c -> c instanceof InstanceCommand.StopReceiver);
        world.servers.change(() -> {
            world.servers.server(1).alive = true;
            world.servers.server(1).readOnly = true;
        });
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            await().until(() -> next.ended().isPresent());
            assertThat(world.servers.server(1).readOnly).isTrue();
            assertThat(world.servers.server(4).receiver).isNotEqualTo(ReplicationThreadState.STOPPED);
        }
    }

    /** Seen before: it was opened and reset under the lock. */
    @Test
    void aPersonsLockOnTheSuccessorIsWaitedForAndThatIsSaid() {
        interruptAfter(c -> c.equals(new InstanceCommand.SetReadOnly(false)));
        int told = world.servers.commands().size();
        try (RecoveryWorld next = world.successor()) {
            world.backend.locks().active().forEach(l -> world.backend.locks().end(l.instance()));
            next.locks.begin(key(2), RecoveryWorld.OPERATOR, "looking at it", Duration.ofHours(1));
            next.coordinator.start();
            await().during(Duration.ofMillis(2500))
                    .atMost(Duration.ofSeconds(5))
                    .until(() ->
                            next.record().isActive() && world.servers.commands().size() == told);
            assertThat(next.audit)
                    .filteredOn(
                            e -> e.message().contains("waits") && e.message().contains("looking at it"))
                    .as("said once")
                    .hasSize(1);
            next.locks.end(key(2), RecoveryWorld.OPERATOR);
            await().atMost(Duration.ofSeconds(15)).until(() -> next.ended().isPresent());
            assertThat(next.record().successful()).isTrue();
            assertThat(next.record().successor()).isEqualTo(key(2));
        }
    }
}
