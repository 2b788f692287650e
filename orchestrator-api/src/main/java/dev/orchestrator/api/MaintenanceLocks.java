package dev.orchestrator.api;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The maintenance locks: at most one active per instance. Thread-safe; all methods ask the backend. */
public interface MaintenanceLocks {
    /**
     * Takes all the locks, or none, and keeps them alive until the handle is closed.
     *
     * @param instances what to lock
     * @param owner who
     * @param reason why, for people
     * @return the handle
     * @throws OrchestratorException with {@code LOCKED}, naming holder, reason and age, when one stands in the way;
     *     nothing is locked then
     */
    MaintenanceLock acquire(Collection<InstanceKey> instances, Actor owner, String reason);

    /**
     * Takes a person's lock, which nothing keeps alive.
     *
     * @param instance what to lock
     * @param owner who
     * @param reason why, for people
     * @param duration how long
     * @return the lock
     * @throws OrchestratorException with {@code LOCKED} when there is one already
     */
    LockInfo begin(InstanceKey instance, Actor owner, String reason, Duration duration);

    /**
     * Ends the lock of an instance, whoever holds it. Recorded.
     *
     * @param instance the instance
     * @param by who ends it
     * @return the lock that was ended, empty when there was none
     */
    Optional<LockInfo> end(InstanceKey instance, Actor by);

    /**
     * The active lock of an instance.
     *
     * @param instance the instance
     * @return empty when it is free
     */
    Optional<LockInfo> find(InstanceKey instance);

    /**
     * All active locks.
     *
     * @return ordered by instance
     */
    List<LockInfo> active();
}
