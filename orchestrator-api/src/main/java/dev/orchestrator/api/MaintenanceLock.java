package dev.orchestrator.api;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.List;

/**
 * Locks on one or more instances, held by one operation and kept alive by a heartbeat until closed. Thread-safe.
 */
public interface MaintenanceLock extends AutoCloseable {
    /**
     * The token that stands for the locks in the backend.
     *
     * @return random text
     */
    String token();

    /**
     * What is locked.
     *
     * @return ordered by key
     */
    List<InstanceKey> instances();

    /**
     * Whether all locks are certain to be held still.
     *
     * @return false once one was lost: run out, or ended by an operator
     */
    boolean isHeld();

    /**
     * Makes sure that the locks are held.
     *
     * @throws OrchestratorException with {@code LOCK_LOST} when one was lost
     */
    void check();

    /**
     * How long all locks are certain to be held without another heartbeat, by this process's monotonic clock.
     *
     * @return zero or less once one was lost
     */
    Duration certainFor();

    /** Ends the locks. */
    @Override
    void close();
}
