package dev.orchestrator.spi;

/**
 * Where everything is remembered. Shared by all nodes. All methods of all stores throw
 * {@link dev.orchestrator.api.OrchestratorException} with {@code BACKEND_UNAVAILABLE} when the backend does not answer
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
     * What kind of backend this is and where, for people; without secrets.
     *
     * @return such as {@code mysql at db:3306/orchestrator} or {@code sqlite in /var/lib/x.db}
     */
    String describe();

    /**
     * Asks the backend for a sign of life.
     *
     * @throws dev.orchestrator.api.OrchestratorException when it gives none
     */
    void ping();

    @Override
    void close();
}
