package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationProcedures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine is closed while it is changing servers: what runs comes to its end, or back, before it is closed. */
@Timeout(60)
class ClosingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Long enough for a closing that waits for nothing to be over. */
    private static final Duration A_WHILE = Duration.ofMillis(300);

    private final RecoveryWorld world = new RecoveryWorld(3);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        world.close();
        assertThat(world.servers.violations()).isEmpty();
    }

    /** The first such command stands still until it is let go. */
    private void holdAt(Predicate<InstanceCommand> which) {
        world.servers.beforeCommand((key, command) -> {
            if (which.test(command)) {
                reached.countDown();
                try {
                    assertThat(go.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }

    private void closeAtTheHeldCommand(RecoveryWorld node) throws Exception {
        assertThat(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(node.coordinator::close);
        await("it does not close before what runs is over").during(A_WHILE).until(() -> !closing.isDone());
        go.countDown();
        closing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<OperationOutcome> handOver() {
        OperationBinding binding = OperationProcedures.of(new GracefulTakeoverAuto(key(1), key(2)));
        return CompletableFuture.supplyAsync(
                () -> world.coordinator.takeOver((OperationBinding.Switchover) binding, RecoveryWorld.OPERATOR));
    }

    @Test
    void aSwitchoverThatHasDemotedThePrimaryGivesItItsWritesBack() throws Exception {
        holdAt(c -> c instanceof InstanceCommand.KillClients);
        CompletableFuture<OperationOutcome> order = handOver();
        closeAtTheHeldCommand(world);

        OperationOutcome outcome = order.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.problem()).contains("the engine is closing").doesNotContain("not restored");
        assertThat(world.servers.server(1).readOnly).isFalse();
        assertThat(world.record().isActive()).isFalse();
    }

    @Test
    void aSwitchoverThatHasPromotedTakesEverybodyAlong() throws Exception {
        holdAt(c -> c instanceof InstanceCommand.Repoint);
        CompletableFuture<OperationOutcome> order = handOver();
        closeAtTheHeldCommand(world);

        assertThat(order.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).succeeded())
                .isTrue();
        for (int n : new int[] {1, 3, 4}) {
            assertThat(world.servers.server(n).source).isEqualTo(key(2));
        }
        assertThat(world.record().isActive()).isFalse();
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
        await().until(() -> world.events.stream().anyMatch(e -> e instanceof OrchestratorEvent.RecoveryEnded));
        world.servers.afterCommand((key, command) -> {});
    }

    @Test
    void anInterruptedRecoveryThatIsPutBackIsPutBackWholly() throws Exception {
        interruptAfter(c -> c instanceof InstanceCommand.StopReceiver);
        holdAt(c -> c instanceof InstanceCommand.StartReceiver);
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            closeAtTheHeldCommand(next);

            RecoveryRecord record = next.record();
            assertThat(record.isActive()).isFalse();
            assertThat(record.errors()).noneMatch(e -> e.contains("not restored"));
            for (int n = 2; n <= 4; n++) {
                assertThat(world.servers.server(n).receiver).isEqualTo(ReplicationThreadState.CONNECTING);
            }
        }
    }

    @Test
    void anInterruptedRecoveryThatIsFinishedIsFinishedWholly() throws Exception {
        interruptAfter(c -> c.equals(new InstanceCommand.SetReadOnly(false)));
        holdAt(c -> c instanceof InstanceCommand.Repoint);
        try (RecoveryWorld next = world.successor()) {
            next.coordinator.leadershipGained();
            closeAtTheHeldCommand(next);

            RecoveryRecord record = next.record();
            assertThat(record.isActive()).isFalse();
            assertThat(record.successful()).isTrue();
            assertThat(record.lostReplicas()).isEmpty();
            assertThat(world.servers.server(3).source).isEqualTo(key(2));
            assertThat(world.servers.server(4).source).isEqualTo(key(2));
        }
    }
}
