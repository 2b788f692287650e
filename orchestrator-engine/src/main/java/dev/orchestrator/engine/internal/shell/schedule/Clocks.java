package dev.orchestrator.engine.internal.shell.schedule;

import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.spi.Ticker;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clocks of what acts: this node's own for what it does, and the one that readings of servers are stamped by.
 *
 * @param day the time of day
 * @param readings the clock that readings are stamped by
 * @param ticker monotonic time
 */
public record Clocks(InstantSource day, InstantSource readings, Ticker ticker) {
    /**
     * The present.
     *
     * @return by this node's own clocks
     */
    public Moment now() {
        return new Moment(day.instant(), ticker.nanos());
    }

    /**
     * The time of day.
     *
     * @return by this node's own clock
     */
    public Instant instant() {
        return day.instant();
    }

    /**
     * Monotonic time.
     *
     * @return the ticker's reading
     */
    public long nanos() {
        return ticker.nanos();
    }
}
