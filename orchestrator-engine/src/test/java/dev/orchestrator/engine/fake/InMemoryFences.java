package dev.orchestrator.engine.fake;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fences in memory. */
final class InMemoryFences implements FenceStore {
    private final InMemoryRecoveries recoveries;
    private final InMemoryRights rights;
    private final Map<String, Fence> fences = new LinkedHashMap<>();

    InMemoryFences(InMemoryRecoveries recoveries, InMemoryRights rights) {
        this.recoveries = recoveries;
        this.rights = rights;
    }

    /** A copy that lacks them takes the place of what was written. */
    void lose() {
        fences.clear();
    }

    @Override
    public List<Fence> standing() {
        return fences.values().stream()
                .filter(f -> f.state() != FenceState.LIFTED)
                .filter(f -> recoveries
                        .record(f.recoveryUid())
                        .map(r -> r.successor() != null || !r.failed().equals(f.instance()))
                        .orElse(true))
                .toList();
    }

    @Override
    public boolean add(Fence fence, Right right) {
        Optional<RecoveryRecord> recovery = recoveries.record(fence.recoveryUid());
        boolean mine = recoveries
                .endedBy(fence.recoveryUid())
                .filter(right.writer()::equals)
                .isPresent();
        boolean open = recovery.filter(RecoveryRecord::isActive).isPresent()
                || (recovery.isPresent() && right.match(l -> false, l -> false, journal -> mine));
        if (!open || !rights.hold(right)) {
            return false;
        }
        fences.remove(fence.serverUuid());
        fences.put(fence.serverUuid(), fence);
        return true;
    }

    @Override
    public boolean update(Fence fence, FenceState state, String note, Right right) {
        Fence stored = fences.get(fence.serverUuid());
        if (stored == null
                || stored.state() == FenceState.LIFTED
                || !stored.isSameOrder(fence)
                || !rights.hold(right)) {
            return false;
        }
        fences.put(fence.serverUuid(), stored.with(state, note));
        return true;
    }

    @Override
    public boolean end(Fence fence, String note, Right right) {
        return !recoveries.isActive(fence.cluster()) && update(fence, FenceState.LIFTED, note, right);
    }

    @Override
    public int purge(Duration age) {
        int all = fences.size();
        fences.values().removeIf(f -> f.state() == FenceState.LIFTED);
        return all - fences.size();
    }
}
