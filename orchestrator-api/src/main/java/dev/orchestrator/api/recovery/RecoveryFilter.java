package dev.orchestrator.api.recovery;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import org.jspecify.annotations.Nullable;

/**
 * Which recoveries to read.
 *
 * @param uid only this one, null for any
 * @param id only this number, null for any
 * @param cluster only of this cluster, null for any
 * @param clusterName only of clusters that had this name or alias at the time, null for any
 * @param failed only of this failed instance, null for any
 * @param activeOnly only those not ended
 * @param unacknowledgedOnly only those not acknowledged
 * @param offset how many to skip
 * @param limit how many at most
 */
public record RecoveryFilter(
        @Nullable String uid,
        @Nullable Long id,
        @Nullable ClusterId cluster,
        @Nullable String clusterName,
        @Nullable InstanceKey failed,
        boolean activeOnly,
        boolean unacknowledgedOnly,
        int offset,
        int limit) {
    /**
     * All recoveries, the newest first.
     *
     * @param offset how many to skip
     * @param limit how many at most
     */
    public static RecoveryFilter all(int offset, int limit) {
        return new RecoveryFilter(null, null, null, null, null, false, false, offset, limit);
    }

    /**
     * One recovery.
     *
     * @param uid which
     */
    public static RecoveryFilter byUid(String uid) {
        return new RecoveryFilter(uid, null, null, null, null, false, false, 0, 1);
    }

    /** Recoveries that have not ended. */
    public static RecoveryFilter active() {
        return new RecoveryFilter(null, null, null, null, null, true, false, 0, 1000);
    }
}
