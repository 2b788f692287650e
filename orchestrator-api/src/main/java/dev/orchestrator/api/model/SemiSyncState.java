package dev.orchestrator.api.model;

import java.time.Duration;

/**
 * Semi-synchronous replication as one server reports it.
 *
 * @param available the plugin or the built-in feature is there
 * @param sourceEnabled acknowledgements are asked for when this server is a source
 * @param sourceActive the source side is on and has not fallen back to asynchronous
 * @param replicaEnabled this server acknowledges to its source
 * @param replicaActive the acknowledging side is at work
 * @param waitForReplicas how many acknowledgements a commit waits for
 * @param timeout how long a commit waits before it falls back to asynchronous
 * @param clients semi-synchronous replicas connected to this source
 */
public record SemiSyncState(
        boolean available,
        boolean sourceEnabled,
        boolean sourceActive,
        boolean replicaEnabled,
        boolean replicaActive,
        int waitForReplicas,
        Duration timeout,
        int clients) {
    /** A server without semi-synchronous replication. */
    public static final SemiSyncState UNAVAILABLE =
            new SemiSyncState(false, false, false, false, false, 0, Duration.ZERO, 0);
}
