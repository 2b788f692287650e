package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
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
                new dev.orchestrator.api.recovery.RecoveryRequest(key(1), null, RecoveryWorld.PERSON)));
        order.start();
        await().until(() -> world.servers.commandsTo(4).contains("StopReceiver"));
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            next.coordinator.start();
            await().pollDelay(java.time.Duration.ofMillis(300)).until(() -> true);
            assertThat(next.record().isActive()).isTrue();
            world.servers.change(() -> world.servers.server(2).applierBlocked = false);
            await().until(() -> next.ended().isPresent());
            assertThat(next.record().successful()).isTrue();
            assertThat(next.record().node()).isEqualTo("node1");
        }
    }
}
