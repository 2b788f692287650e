package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.List;

/**
 * Locks while the backend is away: nobody else can lock anything, so what is locked is remembered, and no more.
 *
 * @param token random text
 * @param instances what is locked
 */
public record OfflineLock(String token, List<InstanceKey> instances) implements MaintenanceLock {
    private static final Duration CERTAIN = Duration.ofMinutes(1);

    /** Copies the list. */
    public OfflineLock {
        instances = List.copyOf(instances);
    }

    @Override
    public boolean isHeld() {
        return true;
    }

    @Override
    public void check() {
        // Cannot be lost; the recovery's right is the leader's lease.
    }

    @Override
    public Duration certainFor() {
        return CERTAIN;
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
