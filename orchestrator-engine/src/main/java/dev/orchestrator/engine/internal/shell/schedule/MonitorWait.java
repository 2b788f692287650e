package dev.orchestrator.engine.internal.shell.schedule;

import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits on a monitor for what others change under it. */
public final class MonitorWait {
    private MonitorWait() {}

    /**
     * Waits until something is so. An interrupt ends it, and is left set.
     *
     * @param monitor notified whenever it may have come to be so
     * @param condition looked at under the monitor
     * @param atMost how long to wait
     * @param ticker monotonic time
     * @return whether it is so
     */
    public static boolean until(Object monitor, BooleanSupplier condition, Duration atMost, Ticker ticker) {
        synchronized (monitor) {
            long end = ticker.nanos() + atMost.toNanos();
            while (!condition.getAsBoolean()) {
                long left = end - ticker.nanos();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(monitor, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }
}
