package dev.orchestrator.api;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;

/**
 * A former primary that must not be written again.
 *
 * @param serverUuid its identity
 * @param instance the key it goes by
 * @param cluster the cluster it was the primary of
 * @param successor the instance that took over
 * @param recoveryUid the recovery that ordered it
 * @param state how far it has come
 * @param note what was found, for people; with the GTIDs it has alone
 * @param since when it was ordered
 */
public record Fence(
        String serverUuid,
        InstanceKey instance,
        ClusterId cluster,
        InstanceKey successor,
        String recoveryUid,
        FenceState state,
        String note,
        Instant since) {
    /**
     * The same fence, that far.
     *
     * @param newNote what was found
     */
    public Fence with(FenceState newState, String newNote) {
        return new Fence(serverUuid, instance, cluster, successor, recoveryUid, newState, newNote, since);
    }

    /**
     * Whether it is the same order: for the same server, by the same recovery.
     *
     * @param other another fence
     * @return false when it is another server's or another recovery's
     */
    public boolean isSameOrder(Fence other) {
        return serverUuid.equals(other.serverUuid) && recoveryUid.equals(other.recoveryUid);
    }
}
