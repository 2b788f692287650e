package dev.orchestrator.engine.internal.shell.audit;

import dev.orchestrator.api.AuditEntry;

/** Takes audit entries. Never blocks; entries wait in memory while the backend is away. */
@FunctionalInterface
public interface AuditTrail {
    /**
     * Records what happened.
     *
     * @param entry the entry
     */
    void record(AuditEntry entry);
}
