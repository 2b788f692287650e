package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.engine.internal.core.decision.Stored;
import java.time.Instant;

/**
 * What the leader last read from the backend of what a recovery of the backend's own cluster depends on.
 *
 * @param stored what it is decided by
 * @param at when it was read
 */
public record Remembered(Stored stored, Instant at) {}
