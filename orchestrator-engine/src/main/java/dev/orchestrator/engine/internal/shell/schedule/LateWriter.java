package dev.orchestrator.engine.internal.shell.schedule;

import dev.orchestrator.engine.internal.core.backlog.Backlog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows a moment after they were made, in order, on one thread, off the way of what they tell of. A newer state of a
 * row that waits takes its place. While the backend is away rows wait in memory; beyond a bound the oldest are dropped and
 * counted. Thread-safe.
 *
 * @param <K> which row it is
 * @param <V> a state of it
 */
public final class LateWriter<K, V> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LateWriter.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(2);

    private final Terms terms;
    private final Consumer<List<V>> store;
    private final ScheduledExecutorService thread;
    private final Object monitor = new Object();
    // All guarded by monitor.
    private final Backlog<K, V> backlog;
    private boolean planned;
    private boolean failing;
    private boolean closed;

    /**
     * How rows are written.
     *
     * @param name what is written, for logs and the thread's name
     * @param linger how long a row waits for others, or for a newer state of itself
     * @param capacity how many may wait
     * @param batch how many are written at once
     */
    public record Terms(String name, Duration linger, int capacity, int batch) {}

    /**
     * A writer.
     *
     * @param terms how rows are written
     * @param store writes some rows; may be given the same state of a row again after a failure
     */
    public LateWriter(Terms terms, Consumer<List<V>> store) {
        this.terms = terms;
        this.store = store;
        this.backlog = new Backlog<>(terms.capacity());
        this.thread = NamedExecutors.untilClosed(terms.name(), 1);
    }

    /**
     * Takes a row; never blocks.
     *
     * @param key which row
     * @param row its state
     * @return false when the writer is closed: it is not written
     */
    public boolean put(K key, V row) {
        synchronized (monitor) {
            if (closed) {
                return false;
            }
            backlog.put(key, row);
            if (!planned) {
                plan(terms.linger());
            }
            return true;
        }
    }

    /**
     * Has all that waits written now.
     *
     * @param atMost how long to wait for it
     * @return whether nothing waits any more
     */
    public boolean flush(Duration atMost) {
        try {
            thread.submit(this::writeAll).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the writing of " + terms.name() + " failed unexpectedly", e);
        } catch (TimeoutException | CancellationException e) {
            log.atDebug().addKeyValue("what", terms.name()).setCause(e).log("not all is written in time");
        }
        return waiting() == 0;
    }

    /** Writes what waits, if the backend answers in time. Idempotent. */
    @Override
    public void close() {
        synchronized (monitor) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (!flush(LAST_FLUSH)) {
            log.atError()
                    .addKeyValue("what", terms.name())
                    .addKeyValue("rows", waiting())
                    .log("rows are lost: the backend did not take them before the end");
        }
        thread.shutdownNow();
    }

    private int waiting() {
        synchronized (monitor) {
            return backlog.size();
        }
    }

    // Called with the monitor held.
    private void plan(Duration delay) {
        thread.schedule(this::writeAll, delay.toNanos(), TimeUnit.NANOSECONDS);
        planned = true;
    }

    private void writeAll() {
        List<Map.Entry<K, V>> batch = next();
        while (!batch.isEmpty()) {
            try {
                store.accept(batch.stream().map(Map.Entry::getValue).toList());
            } catch (RuntimeException e) {
                failed(e);
                return;
            }
            written(batch);
            batch = next();
        }
    }

    private List<Map.Entry<K, V>> next() {
        synchronized (monitor) {
            planned = backlog.size() > 0;
            return backlog.next(terms.batch());
        }
    }

    private void written(List<Map.Entry<K, V>> batch) {
        synchronized (monitor) {
            backlog.written(batch);
            if (failing) {
                failing = false;
                log.atInfo()
                        .addKeyValue("what", terms.name())
                        .addKeyValue("dropped", backlog.dropped())
                        .log("written again");
            }
        }
    }

    private void failed(RuntimeException failure) {
        synchronized (monitor) {
            if (!failing) {
                failing = true;
                log.atWarn()
                        .addKeyValue("what", terms.name())
                        .setCause(failure)
                        .log("cannot be written yet: rows wait in memory");
            }
            if (!closed) {
                plan(RETRY);
            }
        }
    }
}
