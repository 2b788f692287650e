package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.fencing.FenceEnforcer;
import dev.orchestrator.engine.internal.shell.fencing.FencedRecoveries;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fence that an operator's order sets on a node that does not lead acts by the locks of that order, and no longer. */
@Timeout(30)
class WithdrawnFenceTest {
    private final ScriptedFleet servers = new ScriptedFleet(1);
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeEach
    void aCommandToAWritableServerHangs() {
        servers.change(() -> servers.server(1).readOnly = false);
        servers.beforeCommand((key, command) -> {
            told.countDown();
            awaitQuietly(goOn);
        });
    }

    @Test
    void nothingIsOnItsWayToAServerOnceTheLocksOfTheOrderAreReleased() throws Exception {
        try (RecoveryWorld world = new RecoveryWorld(servers);
                FenceEnforcer keeper = new FenceEnforcer(world.ports, new Nobody(), ForkJoinPool.commonPool())) {
            world.depose();
            Authority locks = new HeldLocks();
            keeper.enforce(fence(), locks);
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> withdrawn = CompletableFuture.runAsync(() -> keeper.withdraw(locks));
            await().during(Duration.ofMillis(300)).until(() -> !withdrawn.isDone());
            goOn.countDown();
            withdrawn.get(20, TimeUnit.SECONDS);
            int sent = servers.commandsTo(1).size();
            servers.change(() -> servers.server(1).readOnly = false);
            keeper.enforce(fence(), Authority.none());

            await().during(Duration.ofMillis(500))
                    .until(() -> servers.commandsTo(1).size() == sent);
        }
    }

    /** A frozen primary holds up a command to it for long: the end of its recovery must not wait for that. */
    @Test
    void whatALeaderSendsIsNotAwaited() throws Exception {
        try (RecoveryWorld world = new RecoveryWorld(servers);
                FenceEnforcer keeper = new FenceEnforcer(world.ports, new Nobody(), ForkJoinPool.commonPool())) {
            Authority lease = world.authority();
            keeper.enforce(fence(), lease);
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture.runAsync(() -> keeper.withdraw(lease)).get(1, TimeUnit.SECONDS);
            goOn.countDown();
        }
    }

    private Fence fence() {
        return new Fence(
                servers.server(1).uuid,
                key(1),
                new ClusterId("c"),
                key(2),
                "r1",
                FenceState.PENDING,
                "",
                Instant.EPOCH);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody wants to know what a fence finds out. */
    private static final class Nobody implements FencedRecoveries {
        @Override
        public void complete(Fence fence, DataLoss losses, GtidSet held, Right right) {}

        @Override
        public void notActedOn(InstanceKey key, String clusterName, Decision decision) {}
    }
}
