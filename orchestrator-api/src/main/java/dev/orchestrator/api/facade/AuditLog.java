package dev.orchestrator.api.facade;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.model.InstanceKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who did what, when, through which origin. Thread-safe; asks the backend. */
@FunctionalInterface
public interface AuditLog {
    /**
     * Reads entries, the newest first.
     *
     * @param instance only of this instance, null for all
     * @param offset how many to skip
     * @param limit how many at most
     * @return the entries
     */
    List<AuditEntry> read(@Nullable InstanceKey instance, int offset, int limit);
}
