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
public interface Backend extends BackendPlace, AutoCloseable {
    /** Servers and clusters. */
    InstanceStore instances();

    /** Leases. */
    LeaseStore leases();

    /** Maintenance locks. */
    LockStore locks();

    /** Recoveries. */
    RecoveryStore recoveries();

    /** Fences on former primaries. */
    FenceStore fences();

    /** The audit trail. */
    AuditStore audit();

    /** Operators' intent. */
    IntentStore intents();

    /** Running nodes. */
    NodeStore nodes();

    /** Pools. */
    PoolStore pools();

    /** Running changes. */
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

    // A backend that stays where it is, such as a file.

    @Override
    default Optional<InstanceKey> address() {
        return Optional.empty();
    }

    @Override
    default Optional<BackendEndpoint> look(InstanceKey address, String lease, Duration limit) {
        return Optional.empty();
    }

    @Override
    default void moveTo(InstanceKey address) {
        throw new OrchestratorException(ErrorCode.REFUSED, describe() + " cannot move to " + address);
    }

    @Override
    void close();
}
