package dev.orchestrator.spi;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where everything is remembered. Shared by all nodes. All methods of all stores throw
 * {@link OrchestratorException} with {@code BACKEND_UNAVAILABLE} when the backend does not answer
 * or refuses, and have then changed nothing or all. Thread-safe.
 */
public interface Backend extends AutoCloseable {
    /**
     * Servers and clusters.
     *
     * @return the store
     */
    InstanceStore instances();

    /**
     * Leases.
     *
     * @return the store
     */
    LeaseStore leases();

    /**
     * Maintenance locks.
     *
     * @return the store
     */
    LockStore locks();

    /**
     * Recoveries.
     *
     * @return the store
     */
    RecoveryStore recoveries();

    /**
     * Fences on former primaries.
     *
     * @return the store
     */
    FenceStore fences();

    /**
     * The audit trail.
     *
     * @return the store
     */
    AuditStore audit();

    /**
     * Operators' intent.
     *
     * @return the store
     */
    IntentStore intents();

    /**
     * Running nodes.
     *
     * @return the store
     */
    NodeStore nodes();

    /**
     * Pools.
     *
     * @return the store
     */
    PoolStore pools();

    /**
     * Running changes.
     *
     * @return the store
     */
    RunStore runs();

    /**
     * What kind of backend this is and where, for people; without secrets.
     *
     * @return such as {@code mysql at db:3306/orchestrator} or {@code sqlite in /var/lib/x.db}
     */
    String describe();

    /**
     * Asks the backend for a sign of life.
     *
     * @throws OrchestratorException when it gives none
     */
    void ping();

    /**
     * The backend's present time: the one clock that all nodes share. Readings of servers are stamped by it.
     *
     * @return read between call and return
     * @throws OrchestratorException when it does not answer
     */
    Instant now();

    /**
     * Where the backend is, when that is a server it can move away from. Asks nobody.
     *
     * @return empty for a backend that stays where it is, such as a file
     */
    default Optional<InstanceKey> address() {
        return Optional.empty();
    }

    /**
     * Looks at a server that may hold a copy of this backend, with the backend's own account. Changes nothing.
     *
     * @param address the server
     * @param lease the name of the lease whose epoch is wanted
     * @param limit how long connecting may take, and how long each answer
     * @return empty when it does not answer in time, or has no such schema
     */
    default Optional<BackendSeat> look(InstanceKey address, String lease, Duration limit) {
        return Optional.empty();
    }

    /**
     * Goes on with the copy at another server. Calls that are under way end as they may; all later ones go there.
     *
     * @param address the server
     * @throws OrchestratorException with {@code REFUSED} when that server is read-only, does not
     *     answer or has no such schema, or when this backend cannot move; nothing has changed then
     */
    default void moveTo(InstanceKey address) {
        throw new OrchestratorException(ErrorCode.REFUSED, describe() + " cannot move to " + address);
    }

    @Override
    void close();
}
