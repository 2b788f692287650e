package dev.orchestrator.engine.fake;

import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when told to. Both the monotonic ticker and the time of day. */
public final class SettableTime implements Ticker, InstantSource {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    // Not zero, and not far from an overflow: code that compares readings wrongly shows it.
    private static final long FIRST_READING =
            Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

    private final AtomicLong passed = new AtomicLong();

    /**
     * Lets time pass.
     *
     * @param time how much
     */
    public void advance(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return FIRST_READING + passed.get();
    }

    @Override
    public Instant instant() {
        return START.plusNanos(passed.get());
    }
}
