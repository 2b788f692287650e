package dev.orchestrator.engine.internal.shell.schedule;

import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of day that never jumps: it goes on with monotonic time and closes up to the wall clock slowly, by at most a
 * twentieth of the time that passes. So what it stamps is in order, and an age taken with it is right to five percent,
 * whatever is done to the wall clock. Thread-safe.
 */
public final class SteadyClock implements InstantSource {
    private static final int SLOWNESS = 20;

    private final InstantSource wall;
    private final Ticker ticker;

    // Guarded by the monitor.
    private Instant last;
    private long lastNanos;

    /**
     * A clock that shows what the wall clock shows now.
     *
     * @param wall the wall clock
     * @param ticker monotonic time
     */
    public SteadyClock(InstantSource wall, Ticker ticker) {
        this.wall = wall;
        this.ticker = ticker;
        this.last = wall.instant();
        this.lastNanos = ticker.nanos();
    }

    @Override
    public synchronized Instant instant() {
        long nanos = ticker.nanos();
        Duration passed = Duration.ofNanos(Math.max(0, nanos - lastNanos));
        Instant steady = last.plus(passed);
        last = steady.plus(limited(Duration.between(steady, wall.instant()), passed.dividedBy(SLOWNESS)));
        lastNanos = nanos;
        return last;
    }

    /** Shows the wall clock's time at once, where no age is told yet. */
    synchronized void restart() {
        last = wall.instant();
        lastNanos = ticker.nanos();
    }

    private static Duration limited(Duration wanted, Duration most) {
        if (wanted.compareTo(most) > 0) {
            return most;
        }
        return wanted.compareTo(most.negated()) < 0 ? most.negated() : wanted;
    }
}
