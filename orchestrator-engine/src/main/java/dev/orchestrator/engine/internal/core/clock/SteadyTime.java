package dev.orchestrator.engine.internal.core.clock;

import java.time.Duration;
import java.time.Instant;

/**
 * A time of day that never jumps: it goes on with monotonic time and closes up to the wall clock slowly, by at most a
 * twentieth of the time that passes. So what it stamps is in order, and an age taken with it is right to five percent,
 * whatever is done to the wall clock.
 *
 * @param at the time shown
 * @param nanos the ticker's reading then
 */
public record SteadyTime(Instant at, long nanos) {
    private static final int SLOWNESS = 20;

    /**
     * The time somewhat later.
     *
     * @param wall what the wall clock shows now
     * @param nowNanos what the ticker shows now
     * @return the time to show
     */
    public SteadyTime on(Instant wall, long nowNanos) {
        Duration passed = Duration.ofNanos(Math.max(0, nowNanos - nanos));
        Instant steady = at.plus(passed);
        Instant closer = steady.plus(limited(Duration.between(steady, wall), passed.dividedBy(SLOWNESS)));
        return new SteadyTime(closer, nowNanos);
    }

    private static Duration limited(Duration wanted, Duration most) {
        if (wanted.compareTo(most) > 0) {
            return most;
        }
        return wanted.compareTo(most.negated()) < 0 ? most.negated() : wanted;
    }
}
