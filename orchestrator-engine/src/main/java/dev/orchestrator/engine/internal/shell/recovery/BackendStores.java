package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.MaintenanceLocks;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.GateFacts.BackendFacts;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The backend, for a recovery. */
record BackendStores(
        RecoveryStore recoveries, FenceStore fences, Supplier<Intents> current, MaintenanceLocks maintenance)
        implements RecoveryStores {
    @Override
    public Intents intents() {
        return current.get();
    }

    @Override
    public List<LockInfo> locks() {
        return maintenance.active();
    }

    @Override
    public MaintenanceLock lock(LockRequest request, Actor owner, String reason) {
        return maintenance.acquire(request, owner, reason);
    }

    @Override
    public List<RecoveryRecord> recent(ClusterId cluster) {
        return recoveries.find(BackendFacts.recent(cluster));
    }

    @Override
    public List<RecoveryRecord> blocking(RecoveryType type, ClusterId cluster, InstanceKey failed, Duration period) {
        return recoveries.blocking(type, cluster, failed, period);
    }

    @Override
    public Registration register(RecoveryRecord recovery, Right right) {
        return recoveries.register(recovery, right);
    }

    @Override
    public Optional<RecoveryRecord> find(String uid) {
        return recoveries.find(RecoveryFilter.byUid(uid)).stream().findFirst();
    }

    @Override
    public boolean update(RecoveryRecord recovery, Right right) {
        return recoveries.update(recovery, right);
    }

    @Override
    public void saveStep(RecoveryStepRecord step) {
        recoveries.saveStep(step);
    }

    @Override
    public boolean add(Fence fence, Right right) {
        return fences.add(fence, right);
    }

    @Override
    public boolean update(Fence fence, FenceState state, String note, Right right) {
        return fences.update(fence, state, note, right);
    }
}
