package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.RefusalReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the maintenance locks of others mean for a recovery: a lock on the failed primary, or one held by a running
 * change, refuses; an operator's lock on a replica only keeps that replica out. A shared lock, on a server that only
 * serves as a source, means nothing.
 *
 * @param refusing the lock that refuses, null when none does
 * @param excluded replicas that are to be left alone, with the reason
 */
public record LockImpact(@Nullable LockInfo refusing, Map<InstanceKey, String> excluded) {
    /** Nobody else's locks stand anywhere. */
    public static final LockImpact NONE = new LockImpact(null, Map.of());

    /** Copies the map. */
    public LockImpact {
        excluded = Map.copyOf(excluded);
    }

    /**
     * Judges the active locks.
     *
     * @param failed the failed primary
     * @param replicas its replicas
     * @param active all active locks of others
     * @return what they mean
     */
    public static LockImpact of(InstanceKey failed, Collection<InstanceKey> replicas, List<LockInfo> active) {
        Set<InstanceKey> concerned = Set.copyOf(replicas);
        Map<InstanceKey, String> excluded = new TreeMap<>();
        for (LockInfo lock : active) {
            boolean onFailed = lock.instance().equals(failed);
            if (lock.shared() || !onFailed && !concerned.contains(lock.instance())) {
                continue;
            }
            if (onFailed || !lock.isByHand()) {
                return new LockImpact(lock, Map.of());
            }
            excluded.put(lock.instance(), LockWords.describe(lock));
        }
        return new LockImpact(null, excluded);
    }

    /**
     * Judges the locks of others while some are held for the recovery itself.
     *
     * @param failed the failed primary
     * @param replicas its replicas
     * @param active all active locks
     * @param token of the recovery's own locks
     * @param held what those are on
     * @return what those of others mean
     */
    public static LockImpact beside(
            InstanceKey failed,
            Collection<InstanceKey> replicas,
            List<LockInfo> active,
            String token,
            Collection<InstanceKey> held) {
        List<InstanceKey> unlocked = new ArrayList<>(replicas);
        unlocked.removeAll(held);
        List<LockInfo> others =
                active.stream().filter(l -> !l.token().equals(token)).toList();
        return of(failed, unlocked, others);
    }

    /**
     * The decision when a lock refuses.
     *
     * @param decision the decision without it
     * @return the refusal, empty when no lock refuses
     */
    public Optional<Decision> refusal(Decision decision) {
        return Optional.ofNullable(refusing)
                .map(lock -> ChangeGates.refused(decision, RefusalReason.LOCKED, LockWords.describe(lock)));
    }
}
