package dev.orchestrator.bench.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for conditions, looking every few milliseconds. */
public final class Waiting {
    /** How often a condition is looked at: well below what the series measure. */
    private static final long GRAIN_MILLIS = 5;

    private Waiting() {}

    /** Waits until it holds. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        if (!holdsWithin(limit, condition)) {
            throw new IllegalStateException("gave up after " + limit.toSeconds() + " s waiting until " + what);
        }
    }

    /** Whether it came to hold. */
    public static boolean holdsWithin(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            pause(Duration.ofMillis(GRAIN_MILLIS));
        }
        return true;
    }

    public static void pause(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
