package dev.orchestrator.spi;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit trail: who did what, when, through which origin. */
public interface AuditStore {
    /**
     * Adds entries. The backend's clock stamps them.
     *
     * @param entries what happened
     */
    void append(List<AuditEntry> entries);

    /**
     * Reads entries, the newest first.
     *
     * @param instance only of this instance, null for all
     * @param offset how many to skip
     * @param limit how many at most
     * @return the entries
     */
    List<AuditEntry> read(@Nullable InstanceKey instance, int offset, int limit);

    /**
     * Removes old entries.
     *
     * @param age how old
     * @return how many were removed
     */
    int purge(Duration age);
}
