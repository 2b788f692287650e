package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.List;

/**
 * What the backend holds of what the decision about a recovery depends on.
 *
 * @param intents what operators want
 * @param locks all active maintenance locks
 * @param recent the latest recoveries of the cluster, the newest first
 * @param blocking the recoveries that may block the next one, the newest first
 * @param fences the fences that stand
 */
public record Stored(
        Intents intents,
        List<LockInfo> locks,
        List<RecoveryRecord> recent,
        List<RecoveryRecord> blocking,
        List<Fence> fences) {
    /** Copies the lists. */
    public Stored {
        locks = List.copyOf(locks);
        recent = List.copyOf(recent);
        blocking = List.copyOf(blocking);
        fences = List.copyOf(fences);
    }
}
