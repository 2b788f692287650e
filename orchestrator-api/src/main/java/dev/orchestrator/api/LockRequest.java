package dev.orchestrator.api;

import dev.orchestrator.api.model.InstanceKey;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What is to be locked, all or nothing. An exclusive lock is for a server that is changed; a shared one for a server that
 * only serves as a source meanwhile. Shared ones stand beside each other; an exclusive one excludes all others.
 *
 * @param exclusive what is locked exclusively, in key order
 * @param shared what is locked shared, in key order; nothing that is locked exclusively as well
 * @param overShared whether the exclusive ones may be taken although others hold shared ones there: for recoveries,
 *     which must not wait for somebody's move
 * @param byHand whether an operator keeps the server for themselves, rather than a change that runs
 */
public record LockRequest(
        SortedSet<InstanceKey> exclusive, SortedSet<InstanceKey> shared, boolean overShared, boolean byHand) {
    private static final String BY_HAND = "maintenance-";

    /** Copies the sets. */
    public LockRequest {
        SortedSet<InstanceKey> sharedOnly = new TreeSet<>(shared);
        sharedOnly.removeAll(exclusive);
        exclusive = Collections.unmodifiableSortedSet(new TreeSet<>(exclusive));
        shared = Collections.unmodifiableSortedSet(sharedOnly);
    }

    /**
     * What an operation locks.
     *
     * @param exclusive what it changes
     * @param shared what must stay as it is meanwhile
     */
    public static LockRequest of(Collection<InstanceKey> exclusive, Collection<InstanceKey> shared) {
        return new LockRequest(new TreeSet<>(exclusive), new TreeSet<>(shared), false, false);
    }

    /**
     * What a recovery locks: no shared lock of others stops it.
     *
     * @param instances what takes part in it
     */
    public static LockRequest forRecovery(Collection<InstanceKey> instances) {
        return new LockRequest(new TreeSet<>(instances), new TreeSet<>(), true, false);
    }

    /**
     * What an operator locks who begins maintenance.
     *
     * @param instance the server
     */
    public static LockRequest forMaintenance(InstanceKey instance) {
        return new LockRequest(new TreeSet<>(Set.of(instance)), new TreeSet<>(), false, true);
    }

    /**
     * A token for the locks of one attempt, random, which also says what kind of holder they have.
     *
     * @return at most 48 characters
     */
    public String newToken() {
        return (byHand ? BY_HAND : "") + UUID.randomUUID();
    }

    static boolean isByHand(String token) {
        return token.startsWith(BY_HAND);
    }

    /**
     * Everything that is to be locked.
     *
     * @return in key order, which is the same for all: two that want the same servers cannot wait for each other
     */
    public SortedSet<InstanceKey> all() {
        SortedSet<InstanceKey> all = new TreeSet<>(exclusive);
        all.addAll(shared);
        return all;
    }

    /**
     * Whether somebody's lock stands in the way of this request.
     *
     * @param instance what is locked
     * @param isShared whether that lock is a shared one
     * @return false when both can be held at once
     */
    public boolean isBlockedBy(InstanceKey instance, boolean isShared) {
        return exclusive.contains(instance) ? !(isShared && overShared) : shared.contains(instance) && !isShared;
    }
}
