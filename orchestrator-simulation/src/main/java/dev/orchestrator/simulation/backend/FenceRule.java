package dev.orchestrator.simulation.backend;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.recovery.RecoveryRecord;

/** Which of the fences that were written stand, as the backend's statements say. */
@FunctionalInterface
public interface FenceRule {
    /** That of a server that was to be replaced stands as long as its recovery names somebody who replaces it. */
    FenceRule WHILE_REPLACED =
            (fence, recovery) -> !fence.serverUuid().equals(recovery.failedUuid()) || recovery.successor() != null;

    /**
     * Whether one stands.
     *
     * @param fence the fence
     * @param recovery the recovery it belongs to
     * @return false when it fences nobody
     */
    boolean stands(Fence fence, RecoveryRecord recovery);
}
