package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The maintenance locks: per instance at most one exclusive one, or any number of shared ones. Thread-safe; all methods
 * ask the backend.
 */
public interface MaintenanceLocks {
    /**
     * Takes all the locks, or none, and keeps them alive until the handle is closed.
     *
     * @param request what to lock, and how
     * @param owner who
     * @param reason why, for people
     * @return the handle
     * @throws OrchestratorException with {@code LOCKED}, naming holder, reason and age, when one stands in the way;
     *     nothing is locked then
     */
    MaintenanceLock acquire(LockRequest request, Actor owner, String reason);

    /**
     * Takes exclusive and shared locks, see {@link #acquire(LockRequest, Actor, String)}.
     *
     * @param exclusive the servers that are changed
     * @param shared the servers that only serve as a source
     * @param owner who
     * @param reason why, for people
     * @return the handle
     */
    default MaintenanceLock acquire(
            Collection<InstanceKey> exclusive, Collection<InstanceKey> shared, Actor owner, String reason) {
        return acquire(LockRequest.of(exclusive, shared), owner, reason);
    }

    /**
     * Takes exclusive locks, see {@link #acquire(LockRequest, Actor, String)}.
     *
     * @param exclusive the servers that are changed
     * @param owner who
     * @param reason why, for people
     * @return the handle
     */
    default MaintenanceLock acquire(Collection<InstanceKey> exclusive, Actor owner, String reason) {
        return acquire(LockRequest.of(exclusive, List.of()), owner, reason);
    }

    /**
     * Takes an operator's lock, an exclusive one, which nothing keeps alive.
     *
     * @param instance what to lock
     * @param owner who
     * @param reason why, for people
     * @param duration how long
     * @throws OrchestratorException with {@code LOCKED} when there is one already
     */
    LockInfo begin(InstanceKey instance, Actor owner, String reason, Duration duration);

    /**
     * Ends the exclusive lock of an instance, whoever holds it. Recorded.
     *
     * @param by who ends it
     * @return the lock that was ended, empty when there was none
     */
    Optional<LockInfo> end(InstanceKey instance, Actor by);

    /**
     * The active exclusive lock of an instance.
     *
     * @return empty when there is none; it may be locked shared
     */
    Optional<LockInfo> find(InstanceKey instance);

    /**
     * All active locks, exclusive and shared.
     *
     * @return ordered by instance
     */
    List<LockInfo> active();
}
