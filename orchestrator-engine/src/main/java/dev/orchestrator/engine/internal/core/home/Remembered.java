package dev.orchestrator.engine.internal.core.home;

import dev.orchestrator.api.Fence;
import dev.orchestrator.engine.internal.core.decision.Stored;
import java.time.Instant;
import java.util.List;

/**
 * What the leader last read from the backend of what a recovery of the backend's own cluster depends on.
 *
 * @param stored what it is decided by
 * @param fences the fences that stood
 * @param at when it was read
 */
public record Remembered(Stored stored, List<Fence> fences, Instant at) {
    /** Copies the list. */
    public Remembered {
        fences = List.copyOf(fences);
    }
}
