package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;

/**
 * A replica's receiver was restarted to see whether it finds its source.
 *
 * @param source the source in question
 * @param replica the replica whose receiver was restarted
 * @param at when the restart was ordered
 * @param lostSource true when the receiver did not find its source, false when it did
 */
public record ReceiverTest(InstanceKey source, InstanceKey replica, Instant at, boolean lostSource) {}
