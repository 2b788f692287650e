package dev.orchestrator.engine.internal.shell.audit;

import dev.orchestrator.spi.AuditStore;

/** Takes audit entries. Never blocks; entries wait in memory while the backend is away. */
@FunctionalInterface
public interface AuditTrail {
    /**
     * Records what happened.
     *
     * @param entry the entry
     */
    void record(AuditStore.Entry entry);
}
