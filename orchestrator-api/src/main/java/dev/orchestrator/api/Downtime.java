package dev.orchestrator.api;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;

/**
 * A time in which problems of an instance are expected.
 *
 * @param owner who
 * @param reason why
 * @param begin since when
 * @param end until when
 */
public record Downtime(InstanceKey instance, Actor owner, String reason, Instant begin, Instant end) {}
