package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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

    /** The rows let the outage's own writes go first, and a step that has ended meanwhile costs one row instead of two. */
    private static final Duration LINGER = Duration.ofMillis(300);

    private final Consumer<RecoveryStepRecord> store;
    private final Ticker ticker;
    private final ScheduledExecutorService writer = NamedExecutors.scheduler("recovery-journal", 1);
    private final Object monitor = new Object();
    // Guarded by monitor.
    private final Map<RowKey, RecoveryStepRecord> waiting = new LinkedHashMap<>();
    // Guarded by monitor: whether a turn of the writer is planned.
    private boolean planned;
    // Guarded by monitor: whether the writer has taken a row that is not written yet.
    private boolean writing;
    // Guarded by monitor.
    private boolean closed;

    StepJournal(Consumer<RecoveryStepRecord> store, Ticker ticker) {
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
            if (!planned) {
                plan(LINGER);
            }
        }
    }

    /** Has everything taken so far written now, and waits for it. */
    boolean flush(Duration atMost) {
        long begun = ticker.nanos();
        synchronized (monitor) {
            if (!waiting.isEmpty()) {
                plan(Duration.ZERO);
            }
            while (!waiting.isEmpty() || writing) {
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

    private void plan(Duration delay) {
        if (!writer.isShutdown()) {
            planned = true;
            writer.schedule(this::writeAll, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void writeAll() {
        synchronized (monitor) {
            planned = false;
        }
        Map.Entry<RowKey, RecoveryStepRecord> next = take();
        while (next != null) {
            try {
                store.accept(next.getValue());
            } catch (OrchestratorException e) {
                log.atWarn()
                        .addKeyValue("recovery", next.getKey().uid())
                        .setCause(e)
                        .log("a recovery's step cannot be written yet");
                keepForLater(next.getKey(), next.getValue());
                return;
            }
            next = take();
        }
    }

    private Map.@Nullable Entry<RowKey, RecoveryStepRecord> take() {
        synchronized (monitor) {
            if (waiting.isEmpty()) {
                writing = false;
                monitor.notifyAll();
                return null;
            }
            RowKey first = waiting.keySet().iterator().next();
            RecoveryStepRecord step = waiting.remove(first);
            writing = true;
            return step == null ? null : Map.entry(first, step);
        }
    }

    private void keepForLater(RowKey key, RecoveryStepRecord step) {
        synchronized (monitor) {
            waiting.putIfAbsent(key, step);
            writing = false;
            if (!planned) {
                plan(RETRY);
            }
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
