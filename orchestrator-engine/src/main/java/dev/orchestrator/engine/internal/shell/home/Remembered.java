package dev.orchestrator.engine.internal.shell.home;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.RecoveryStore;
import java.time.Duration;
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
    private static final int RECENT = 20;

    /** Copies the lists. */
    public Remembered {
        locks = List.copyOf(locks);
        recent = List.copyOf(recent);
        blocking = List.copyOf(blocking);
        fences = List.copyOf(fences);
    }

    /**
     * Reads it.
     *
     * @param backend where it is stored
     * @param cluster the backend's own cluster
     * @param blockPeriod how long a recovery blocks the next one
     * @param at when it is read
     * @return what is stored now
     */
    public static Remembered in(Backend backend, ClusterId cluster, Duration blockPeriod, Instant at) {
        RecoveryStore recoveries = backend.recoveries();
        return new Remembered(
                backend.intents().read(),
                backend.locks().active(),
                recoveries.find(new RecoveryFilter(null, null, cluster, null, null, false, false, 0, RECENT)),
                recoveries.blocking(cluster, blockPeriod),
                backend.fences().standing(),
                at);
    }
}
