package dev.orchestrator.engine.internal.core.home;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Instant;
import java.util.List;

/**
 * What the leader last read from the backend of what a recovery of the backend's own cluster depends on.
 *
 * @param intents what operators want
 * @param locks all active maintenance locks
 * @param recent the latest recoveries of the cluster, newest first
 * @param blocking the recoveries that may block the next one, newest first
 * @param fences the fences that stood
 * @param at when it was read
 */
public record Remembered(
        Intents intents,
        List<LockInfo> locks,
        List<RecoveryRecord> recent,
        List<RecoveryRecord> blocking,
        List<Fence> fences,
        Instant at) {
    /** Copies the lists. */
    public Remembered {
        locks = List.copyOf(locks);
        recent = List.copyOf(recent);
        blocking = List.copyOf(blocking);
        fences = List.copyOf(fences);
    }
}
