package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure.Kind;
import dev.orchestrator.spi.SentinelListener;
import dev.orchestrator.spi.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A wait held on a server and renewed for ever. The thread that waits feels a broken connection at once; that an answer is
 * overdue is noticed by the {@link Watchdog}, because the wait itself goes on: a server that thaws answers it.
 */
final class Sentinel implements Runnable, Watchdog.Waiting, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sentinel.class);
    /** How late an answer may be. With waits of a second a freeze has its second miss at most 2.35 s after it began. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** Somebody may have killed our connection only; a living server takes a new one at once. */
    private static final Duration QUIET_RECONNECT = Duration.ofMillis(300);

    private static final long FIRST_BACKOFF_MILLIS = 250;
    private static final long LAST_BACKOFF_MILLIS = 4_000;
    /** After so many misses the wait is given up: a way that was cut without a word never brings an answer. */
    private static final int MISSES_UNTIL_NEW_CONNECTION = 30;

    private final InstanceKey key;
    private final SentinelListener listener;
    private final ServerConnector connector;
    private final Ticker ticker;
    private final Consumer<Sentinel> whenEnded;
    private final long waitNanos;
    private final Duration connectTimeout;
    private final String opening;
    private final String wait;
    /** Not a monitor: a virtual thread that waits in one holds its carrier. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition ended = lock.newCondition();

    private volatile boolean closed;
    private volatile @Nullable ServerSession session;
    /** Guarded by {@code lock}, like the next two: of the wait under way. */
    private boolean waiting;

    private long startedAt;
    private int missed;

    Sentinel(
            InstanceKey key,
            SentinelListener listener,
            ServerConnector connector,
            GatewayOptions options,
            Consumer<Sentinel> whenEnded) {
        this.key = key;
        this.listener = listener;
        this.connector = connector;
        this.ticker = connector.ticker();
        this.whenEnded = whenEnded;
        this.waitNanos = options.sentinelWait().toNanos();
        this.connectTimeout = options.connectTimeout();
        String comment = "/* " + options.programName() + " sentinel */ ";
        this.opening = comment + "SET SESSION long_query_time = 86400";
        this.wait = String.format(
                Locale.ROOT,
                "SELECT %sSLEEP(%.3f)",
                comment,
                options.sentinelWait().toMillis() / 1000.0);
    }

    @Override
    public void run() {
        long backoff = FIRST_BACKOFF_MILLIS;
        // Before the first connection nothing can be lost: the poll reports a server that is not there.
        boolean watched = false;
        try {
            while (!closed) {
                Kind failure = connect(watched ? QUIET_RECONNECT : connectTimeout);
                if (failure == null) {
                    watched = true;
                    backoff = FIRST_BACKOFF_MILLIS;
                    waitUntilBroken();
                    continue;
                }
                if (watched && isGone(failure) && !closed) {
                    listener.connectionLost(key);
                }
                watched = false;
                pause(backoff);
                backoff = Math.min(LAST_BACKOFF_MILLIS, backoff * 2);
            }
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("instance", key).setCause(e).log("sentinel ended by a fault");
        } finally {
            whenEnded.accept(this);
        }
    }

    /** A server that answers, if only to refuse us, is not gone. */
    private static boolean isGone(Kind failure) {
        return switch (failure) {
            case REFUSED, CONNECTION_LOST, TIMEOUT, UNRESOLVABLE -> true;
            case ACCESS_DENIED, TOO_MANY_CONNECTIONS, NOT_MYSQL, STATEMENT_REFUSED -> false;
        };
    }

    /** Null when connected, else why not. */
    private @Nullable Kind connect(Duration timeout) {
        Deadline deadline = Deadline.in(ticker, timeout);
        try {
            ServerSession opened = connector.connect(key, deadline);
            session = opened;
            if (closed) {
                opened.abort();
                return Kind.CONNECTION_LOST;
            }
            opened.connection().execute(opening, deadline);
            opened.connection().setNoTimeout();
            return null;
        } catch (ServerFailure e) {
            LOG.atDebug().addKeyValue("instance", key).log("sentinel cannot connect: {}", e.getMessage());
            return e.kind();
        } catch (SQLException e) {
            abortSession();
            return Failures.of(key, e, false).kind();
        }
    }

    private void waitUntilBroken() {
        ServerSession current = session;
        while (!closed && current != null) {
            long began = begin();
            try {
                current.connection().await(wait, results -> true);
            } catch (SQLException e) {
                if (!Failures.isRefusal(e)) {
                    LOG.atDebug().addKeyValue("instance", key).setCause(e).log("sentinel lost its connection");
                    abortSession();
                    return;
                }
                // Somebody killed the query: no alarm.
            } finally {
                end();
            }
            // A wait that ends early, again and again, must not become a busy loop.
            if (ticker.nanos() - began < waitNanos / 2) {
                pause(TimeUnit.NANOSECONDS.toMillis(waitNanos));
            }
        }
    }

    private long begin() {
        lock.lock();
        try {
            waiting = true;
            missed = 0;
            startedAt = ticker.nanos();
            return startedAt;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            waiting = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void check(long nowNanos) {
        int inARow;
        lock.lock();
        try {
            if (!waiting || closed || nowNanos - startedAt < (missed + 1) * waitNanos + GRACE_NANOS) {
                return;
            }
            missed++;
            inARow = missed;
        } finally {
            lock.unlock();
        }
        listener.waitMissed(key, inARow);
        if (inARow >= MISSES_UNTIL_NEW_CONNECTION) {
            abortSession();
        }
    }

    private void pause(long millis) {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (!closed && left > 0) {
                left = ended.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void abortSession() {
        ServerSession current = session;
        if (current != null) {
            current.abort();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        abortSession();
    }
}
