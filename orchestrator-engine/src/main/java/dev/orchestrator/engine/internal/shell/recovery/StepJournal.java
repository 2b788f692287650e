package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the steps of recoveries, in order, on one thread, off the path of the outage: a row takes a millisecond or more,
 * a recovery writes some thirty of them, and twenty recoveries at a time would queue for one embedded backend.
 *
 * <p>What a successor needs in order to take over is not in these rows: that a recovery is under way and whom it promotes
 * is written, and waited for, in the recovery's record before the first step that cannot be taken back; the rest the
 * successor reads from the servers themselves. The rows tell people what happened. A row that was not written yet when a
 * newer state of it arrives is written once.
 */
final class StepJournal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StepJournal.class);
    private static final int MOST_WAITING = 20_000;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final RecoveryStore store;
    private final Ticker ticker;
    private final ScheduledExecutorService writer = NamedExecutors.scheduler("recovery-journal", 1);
    private final Object monitor = new Object();
    // Guarded by monitor.
    private final Map<RowKey, RecoveryStepRecord> waiting = new LinkedHashMap<>();
    // Guarded by monitor.
    private boolean draining;
    // Guarded by monitor.
    private boolean closed;

    StepJournal(RecoveryStore store, Ticker ticker) {
        this.store = store;
        this.ticker = ticker;
    }

    /** Takes a step; never blocks. */
    void save(RecoveryStepRecord step) {
        synchronized (monitor) {
            if (closed) {
                return;
            }
            if (waiting.size() >= MOST_WAITING) {
                waiting.remove(waiting.keySet().iterator().next());
            }
            waiting.put(new RowKey(step.recoveryUid(), step.number()), step);
            drainLater(Duration.ZERO);
        }
    }

    /** Waits until everything taken so far is written. */
    boolean flush(Duration atMost) {
        long begun = ticker.nanos();
        synchronized (monitor) {
            while (!waiting.isEmpty() || draining) {
                long left = atMost.toNanos() - (ticker.nanos() - begun);
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(monitor, Math.max(left, 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    private void drainLater(Duration delay) {
        if (!draining && !writer.isShutdown()) {
            draining = true;
            writer.schedule(this::drain, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void drain() {
        while (true) {
            Map.Entry<RowKey, RecoveryStepRecord> next;
            synchronized (monitor) {
                if (waiting.isEmpty()) {
                    draining = false;
                    monitor.notifyAll();
                    return;
                }
                next = waiting.entrySet().iterator().next();
                waiting.remove(next.getKey());
            }
            try {
                store.saveStep(next.getValue());
            } catch (OrchestratorException e) {
                log.atWarn()
                        .addKeyValue("recovery", next.getKey().uid())
                        .setCause(e)
                        .log("a recovery's step cannot be written yet");
                keepForLater(next.getKey(), next.getValue());
                return;
            }
        }
    }

    private void keepForLater(RowKey key, RecoveryStepRecord step) {
        synchronized (monitor) {
            waiting.putIfAbsent(key, step);
            draining = false;
            drainLater(RETRY);
        }
    }

    @Override
    public void close() {
        flush(Duration.ofSeconds(2));
        synchronized (monitor) {
            closed = true;
        }
        writer.shutdownNow();
    }

    private record RowKey(String uid, int number) {}
}
