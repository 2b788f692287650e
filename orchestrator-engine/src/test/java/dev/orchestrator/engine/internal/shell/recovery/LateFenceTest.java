package dev.orchestrator.engine.internal.shell.recovery;

import static dev.orchestrator.engine.internal.shell.recovery.ScriptedFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fence that reaches the backend late: after a pause of the leader, or as the backend stalled. */
@Timeout(60)
class LateFenceTest {
    private final InMemoryBackend backend = InMemoryBackend.onSystemClock();
    private final ScriptedFleet servers = new ScriptedFleet(3);

    /** The backend takes the order, gives no answer in time, and carries it out when it is told to. */
    private static final class Stalled implements FenceStore {
        final List<Runnable> late = new CopyOnWriteArrayList<>();
        final List<Boolean> written = new CopyOnWriteArrayList<>();
        volatile boolean stalls = true;
        private final FenceStore store;

        Stalled(FenceStore store) {
            this.store = store;
        }

        @Override
        public List<Fence> standing() {
            return store.standing();
        }

        @Override
        public boolean add(Fence fence, Right right) {
            if (!stalls) {
                return store.add(fence, right);
            }
            late.add(() -> written.add(store.add(fence, right)));
            throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "no answer in time");
        }

        @Override
        public boolean update(Fence fence, FenceState state, String note, Right right) {
            return store.update(fence, state, note, right);
        }

        @Override
        public boolean end(Fence fence, String note, Right right) {
            return store.end(fence, note, right);
        }

        @Override
        public int purge(Duration age) {
            return store.purge(age);
        }
    }

    /** A process that is stopped just before it sends the order. */
    private static final class Paused implements FenceStore {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final List<Boolean> written = new CopyOnWriteArrayList<>();
        private final FenceStore store;

        Paused(FenceStore store) {
            this.store = store;
        }

        @Override
        public List<Fence> standing() {
            return store.standing();
        }

        @Override
        public boolean add(Fence fence, Right right) {
            reached.countDown();
            pause();
            boolean done = store.add(fence, right);
            written.add(done);
            return done;
        }

        private void pause() {
            try {
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean update(Fence fence, FenceState state, String note, Right right) {
            return store.update(fence, state, note, right);
        }

        @Override
        public boolean end(Fence fence, String note, Right right) {
            return store.end(fence, note, right);
        }

        @Override
        public int purge(Duration age) {
            return store.purge(age);
        }
    }

    @Test
    void aFenceThatAStalledBackendWritesLateFencesNobodyAndBlocksNothing() {
        Stalled stalled = new Stalled(backend.fences());
        try (RecoveryWorld world = new RecoveryWorld(servers, backend, "node1", c -> c, stalled)) {
            world.servers.killPrimary();
            world.report();
            RecoveryRecord givenUp = world.awaitEnd();
            assertThat(givenUp.successful()).isFalse();
            assertThat(givenUp.successor()).isNull();
            stalled.late.forEach(Runnable::run);
            assertThat(stalled.written).isNotEmpty().containsOnly(false);
            assertThat(backend.fences().standing()).isEmpty();

            stalled.stalls = false;
            world.coordinator.start();
            world.servers.change(() -> world.servers.server(1).alive = true);
            await().during(Duration.ofMillis(2500))
                    .until(() -> world.servers.commandsTo(1).isEmpty());
            assertThat(world.servers.server(1).readOnly).isFalse();
        }
    }

    @Test
    void aFenceThatIsWrittenBeforeItsRecoveryIsGivenUpFencesNobodyEither() {
        Stalled stalled = new Stalled(backend.fences());
        servers.afterCommand((key, command) -> stalled.late.forEach(Runnable::run));
        try (RecoveryWorld world = new RecoveryWorld(servers, backend, "node1", c -> c, stalled)) {
            world.servers.killPrimary();
            world.report();
            assertThat(world.awaitEnd().successor()).isNull();
            assertThat(stalled.written)
                    .as("it was carried out while its recovery was under way")
                    .contains(true);
            assertThat(backend.fences().standing()).isEmpty();
        }
    }

    @Test
    void aLeaderThatIsPausedBeforeItFencesWritesNothingWhenItWakes() throws InterruptedException {
        Paused paused = new Paused(backend.fences());
        RecoveryWorld first = new RecoveryWorld(servers, backend, "node1", c -> c, paused);
        try (first;
                RecoveryWorld next = lead(first, paused)) {
            next.awaitEnd();
            List<Fence> standing = backend.fences().standing();
            paused.goOn.countDown();
            await().until(() -> !paused.written.isEmpty());
            assertThat(paused.written).containsOnly(false);
            assertThat(backend.fences().standing()).isEqualTo(standing);
            assertThat(servers.violations()).isEmpty();
            assertThat(standing).allMatch(f -> f.instance().equals(key(1)));
        }
    }

    /** The next node takes over while the first one is paused. */
    private RecoveryWorld lead(RecoveryWorld first, Paused paused) throws InterruptedException {
        servers.killPrimary();
        first.report();
        assertThat(paused.reached.await(20, TimeUnit.SECONDS)).isTrue();
        first.depose();
        RecoveryWorld next = first.successor();
        next.coordinator.start();
        next.coordinator.leadershipGained();
        return next;
    }
}
