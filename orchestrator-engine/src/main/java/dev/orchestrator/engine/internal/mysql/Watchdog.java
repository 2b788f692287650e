package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.spi.Ticker;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks ten times a second whether something waits longer than it should. A socket's own timeout counts from one byte to
 * the next, so a server that answers in drops would get past it; and a sentinel's wait must be missed without being given up.
 */
final class Watchdog implements AutoCloseable {
    static final long PERIOD_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** Something that waits. */
    interface Waiting {
        /** Must return at once. */
        void check(long nowNanos);
    }

    private final Set<Waiting> all = ConcurrentHashMap.newKeySet();
    private final Ticker ticker;
    private final @Nullable ScheduledFuture<?> task;

    Watchdog(ScheduledExecutorService timer, Ticker ticker) {
        this.ticker = ticker;
        this.task = timer.scheduleWithFixedDelay(this::sweep, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(Waiting waiting) {
        all.add(waiting);
    }

    void remove(Waiting waiting) {
        all.remove(waiting);
    }

    private void sweep() {
        for (Waiting waiting : all) {
            try {
                waiting.check(ticker.nanos());
            } catch (RuntimeException e) {
                // A listener's fault must not end the watch over all others.
                LOG.atError().setCause(e).log("watching a connection failed");
            }
        }
    }

    @Override
    public void close() {
        if (task != null) {
            task.cancel(false);
        }
        all.clear();
    }
}
