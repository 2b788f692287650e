package dev.orchestrator.simulation.backend;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.fencing.FenceView;

/** Which fences are written and which of them stand, as the backend's statements say, and until when they are needed. */
public interface FenceRule {
    /** As it is delivered. */
    FenceRule DELIVERED = new FenceRule() {};

    /**
     * Whether one is written: only while its recovery is under way, and by whoever may go on with it.
     *
     * @param fence the fence
     * @param recovery the recovery it belongs to
     * @param rightful whether the right of whoever writes it holds
     * @return false when it comes too late
     */
    default boolean mayBeWritten(Fence fence, RecoveryRecord recovery, boolean rightful) {
        return recovery.isActive() && rightful;
    }

    /**
     * Whether one stands: that of a server that was to be replaced as long as its recovery names somebody who replaces it.
     *
     * @param fence the fence
     * @param recovery the recovery it belongs to
     * @return false when it fences nobody
     */
    default boolean stands(Fence fence, RecoveryRecord recovery) {
        return !fence.serverUuid().equals(recovery.failedUuid()) || recovery.successor() != null;
    }

    /**
     * What whoever carries it out looks at to see whether it is needed any more.
     *
     * @param view the fence and what is known about it
     * @return the same
     */
    default FenceView seen(FenceView view) {
        return view;
    }
}
