package dev.orchestrator.engine.internal.core.procedure;

import java.time.Duration;
import java.time.Instant;

/**
 * A point in time by both clocks: the day's for records, the monotonic one for durations.
 *
 * @param at the time of day
 * @param nanos the ticker's reading
 */
public record Moment(Instant at, long nanos) {
    /**
     * How long ago something was.
     *
     * @param earlierNanos a ticker reading
     * @return the time between
     */
    public Duration since(long earlierNanos) {
        return Duration.ofNanos(nanos - earlierNanos);
    }
}
