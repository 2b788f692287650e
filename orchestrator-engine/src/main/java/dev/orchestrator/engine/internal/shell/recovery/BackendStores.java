package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.GateFacts.BackendFacts;
import dev.orchestrator.engine.internal.core.decision.Stored;
import dev.orchestrator.engine.internal.core.simulation.RehearsalCluster;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend, for a recovery. */
record BackendStores(RecoveryPorts ports, Executor threads) implements RecoveryStores {
    private static final Logger log = LoggerFactory.getLogger(BackendStores.class);
    private static final Duration READ = Duration.ofSeconds(2);

    /** All at once. */
    @Override
    public Stored read(RecoveryType type, ClusterId cluster, InstanceKey failed) {
        CompletableFuture<Intents> intents = CompletableFuture.supplyAsync(ports.intents()::read, threads);
        CompletableFuture<List<RecoveryRecord>> recent =
                CompletableFuture.supplyAsync(() -> ports.recoveries().find(BackendFacts.recent(cluster)), threads);
        CompletableFuture<List<LockInfo>> locks = CompletableFuture.supplyAsync(ports.locks()::active, threads);
        CompletableFuture<List<Fence>> fences = CompletableFuture.supplyAsync(ports.fences()::standing, threads);
        Duration period = ports.config().recoveryBlockPeriod();
        List<RecoveryRecord> blocking = ports.recoveries().blocking(type, cluster, failed, period);
        return new Stored(get(intents), get(locks), get(recent), blocking, get(fences));
    }

    private static <T> T get(CompletableFuture<T> answer) {
        try {
            return answer.get(READ.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OrchestratorException known) {
                throw known;
            }
            throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "the backend could not be read", e);
        } catch (TimeoutException e) {
            throw new OrchestratorException(
                    ErrorCode.BACKEND_UNAVAILABLE, "the backend did not answer within " + READ.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrchestratorException(ErrorCode.NOT_RUNNING, "interrupted while reading the backend", e);
        }
    }

    @Override
    public MaintenanceLock lock(LockRequest request, Actor owner, String reason) {
        return ports.locks().acquire(request, owner, reason);
    }

    @Override
    public Registration register(RecoveryRecord recovery, Right right) {
        return ports.recoveries().register(recovery, right);
    }

    @Override
    public Optional<RecoveryRecord> find(String uid) {
        return ports.recoveries().find(RecoveryFilter.byUid(uid)).stream().findFirst();
    }

    @Override
    public boolean update(RecoveryRecord recovery, Right right) {
        return ports.recoveries().update(recovery, right);
    }

    @Override
    public void saveStep(RecoveryStepRecord step) {
        ports.recoveries().saveStep(step);
    }

    @Override
    public boolean add(Fence fence, Right right) {
        return ports.fences().add(fence, right);
    }

    @Override
    public boolean update(Fence fence, FenceState state, String note, Right right) {
        return ports.fences().update(fence, state, note, right);
    }

    /**
     * Asks the real backend once what a recovery asks of it, for a cluster that does not exist and under a lease that
     * nobody holds: every write is refused, and nothing is stored. The stage of {@link WarmUp} has no backend.
     */
    void rehearse() {
        Right expired = RehearsalCluster.noRight();
        RecoveryRecord record =
                RehearsalCluster.record(ports.automatic(), ports.clocks().instant());
        try {
            read(record.type(), record.cluster(), record.failed());
            register(record, expired);
            update(record, expired);
            ports.fences().standing();
            add(RehearsalCluster.fence(record), expired);
        } catch (OrchestratorException e) {
            log.atDebug().setCause(e).log("the backend does not answer: the first recovery will be slower");
        }
    }
}
