package dev.orchestrator.engine.fake;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.AuditStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit trail in memory. */
final class InMemoryAudit implements AuditStore {
    private final InstantSource clock;
    private final List<AuditEntry> newestFirst = new ArrayList<>();
    private long lastId;

    InMemoryAudit(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void append(List<AuditEntry> entries) {
        entries.forEach(e -> newestFirst.add(
                0,
                new AuditEntry(
                        ++lastId, clock.instant(), e.type(), e.instance(), e.clusterName(), e.actor(), e.message())));
    }

    @Override
    public List<AuditEntry> read(@Nullable InstanceKey instance, int offset, int limit) {
        return newestFirst.stream()
                .filter(e -> instance == null || instance.equals(e.instance()))
                .skip(offset)
                .limit(limit)
                .toList();
    }

    @Override
    public int purge(Duration age) {
        Instant limit = clock.instant().minus(age);
        int before = newestFirst.size();
        newestFirst.removeIf(e -> e.at() != null && e.at().isBefore(limit));
        return before - newestFirst.size();
    }
}
