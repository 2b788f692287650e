package dev.orchestrator.engine.internal.shell.audit;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.AuditStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes audit entries in batches, soon after they were recorded. While the backend is away they wait in memory; beyond
 * a bound the oldest are dropped and counted.
 */
public final class AuditWriter implements AuditTrail, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditWriter.class);
    private static final Duration GATHER = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(2);
    private static final int CAPACITY = 10_000;
    private static final int BATCH = 500;

    private final AuditStore store;
    private final int capacity;
    private final ScheduledExecutorService thread = NamedExecutors.scheduler("audit", 1);

    // Guarded by the monitor.
    private final Deque<AuditEntry> waiting = new ArrayDeque<>();
    private boolean planned;
    private boolean failing;
    private boolean closed;
    private long dropped;

    /**
     * A writer.
     *
     * @param store where the trail is
     */
    public AuditWriter(AuditStore store) {
        this(store, CAPACITY);
    }

    AuditWriter(AuditStore store, int capacity) {
        this.store = store;
        this.capacity = capacity;
    }

    @Override
    public synchronized void record(AuditEntry entry) {
        if (waiting.size() >= capacity) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.addLast(entry);
        if (closed) {
            log.atWarn().addKeyValue("entry", entry.type()).log("recorded after the end: not written");
        } else if (!planned) {
            plan(GATHER);
        }
    }

    /**
     * How many entries were dropped because the backend was away for too long.
     *
     * @return the number since the start
     */
    public synchronized long dropped() {
        return dropped;
    }

    /** Writes what is waiting, if the backend answers in time. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (waiting.isEmpty() && !planned) {
                thread.shutdownNow();
                return;
            }
        }
        try {
            thread.submit(this::flush).get(LAST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            log.atWarn().setCause(e).log("the last audit entries could not be written");
        }
        thread.shutdownNow();
        synchronized (this) {
            if (!waiting.isEmpty()) {
                log.atError()
                        .addKeyValue("entries", waiting.size())
                        .log("audit entries are lost: the backend did not take them before the end");
            }
        }
    }

    // Called with the monitor held.
    private void plan(Duration delay) {
        planned = true;
        try {
            thread.schedule(this::flush, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("closed while a flush was planned");
        }
    }

    private void flush() {
        List<AuditEntry> batch = batch();
        while (!batch.isEmpty()) {
            try {
                store.append(batch);
            } catch (RuntimeException e) {
                failed(batch, e);
                return;
            }
            batch = written();
        }
    }

    private synchronized List<AuditEntry> batch() {
        List<AuditEntry> batch = new ArrayList<>(Math.min(BATCH, waiting.size()));
        while (batch.size() < BATCH && !waiting.isEmpty()) {
            batch.add(waiting.removeFirst());
        }
        if (batch.isEmpty()) {
            planned = false;
        }
        return batch;
    }

    private synchronized List<AuditEntry> written() {
        if (failing) {
            failing = false;
            log.atInfo().addKeyValue("dropped", dropped).log("the audit trail is written again");
        }
        return batch();
    }

    private synchronized void failed(List<AuditEntry> batch, RuntimeException failure) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            waiting.addFirst(batch.get(i));
        }
        while (waiting.size() > capacity) {
            waiting.removeFirst();
            dropped++;
        }
        if (!failing) {
            failing = true;
            log.atWarn().setCause(failure).log("the audit trail cannot be written: entries wait in memory");
        }
        if (!closed) {
            plan(RETRY);
        }
    }
}
