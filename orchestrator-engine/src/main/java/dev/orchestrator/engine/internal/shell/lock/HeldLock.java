package dev.orchestrator.engine.internal.shell.lock;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.LockStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks of one operation. Held is what is certain: until the last successful extension, counted from when it was begun,
 * runs out by the monotonic clock.
 */
final class HeldLock implements MaintenanceLock {
    private static final Logger log = LoggerFactory.getLogger(HeldLock.class);

    private final LockStore store;
    private final Ticker ticker;
    private final Duration ttl;
    private final String token;
    private final List<InstanceKey> instances;
    private final Consumer<HeldLock> onClose;

    // Guarded by the monitor, except that reads of a single one need no order.
    private volatile long certainUntil;
    private volatile @Nullable String lost;
    private volatile boolean closed;
    private @Nullable Future<?> heartbeat;
    /** At most one extension is under way. */
    private final AtomicBoolean extending = new AtomicBoolean();

    HeldLock(LockStore store, Ticker ticker, Duration ttl, Grant grant, Consumer<HeldLock> onClose) {
        this.store = store;
        this.ticker = ticker;
        this.ttl = ttl;
        this.token = grant.token();
        this.instances = List.copyOf(grant.instances());
        this.certainUntil = grant.askedNanos() + certainty();
        this.onClose = onClose;
    }

    /** Locks as the backend granted them; asked for at the reading given. */
    record Grant(String token, List<InstanceKey> instances, long askedNanos) {}

    @Override
    public String token() {
        return token;
    }

    @Override
    public List<InstanceKey> instances() {
        return instances;
    }

    @Override
    public boolean isHeld() {
        return whyNotHeld() == null;
    }

    @Override
    public void check() {
        String why = whyNotHeld();
        if (why != null) {
            throw new OrchestratorException(
                    ErrorCode.LOCK_LOST, "the maintenance lock on " + names() + " is no longer held: " + why);
        }
    }

    @Override
    public Duration certainFor() {
        return whyNotHeld() == null ? Duration.ofNanos(certainUntil - ticker.nanos()) : Duration.ZERO;
    }

    @Override
    public void close() {
        Future<?> beat;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            beat = heartbeat;
        }
        if (beat != null) {
            beat.cancel(false);
        }
        onClose.accept(this);
        try {
            store.release(token);
        } catch (OrchestratorException e) {
            log.atWarn()
                    .addKeyValue("instances", names())
                    .setCause(e)
                    .log("a maintenance lock could not be ended: it is left to run out");
        }
    }

    synchronized void keepAliveBy(Future<?> beats) {
        heartbeat = beats;
        if (closed) {
            beats.cancel(false);
        }
    }

    /** Told again and again by the heartbeat, which must not wait for the backend. */
    void extendOn(Executor threads) {
        if (!extending.compareAndSet(false, true)) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    extend();
                } finally {
                    extending.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            // The orchestrator is being closed, and this lock with it.
            extending.set(false);
        }
    }

    /** Extends the locks. */
    void extend() {
        if (closed || lost != null) {
            return;
        }
        long asked = ticker.nanos();
        try {
            int extended = store.extend(token, ttl);
            if (closed) {
                return;
            }
            if (extended < instances.size()) {
                lost = "it was ended by somebody, or ran out";
                log.atWarn()
                        .addKeyValue("instances", names())
                        .addKeyValue("extended", extended)
                        .log("a maintenance lock was lost");
            } else {
                certainUntil = asked + certainty();
            }
        } catch (RuntimeException e) {
            // Whatever it was: the next heartbeat tries again.
            log.atWarn()
                    .addKeyValue("instances", names())
                    .setCause(e)
                    .log("a maintenance lock could not be extended; trying again");
        }
    }

    private @Nullable String whyNotHeld() {
        if (closed) {
            return "it was given up";
        }
        if (lost != null) {
            return lost;
        }
        return ticker.nanos() - certainUntil < 0 ? null : "it could not be extended for " + ttl.toMillis() + " ms";
    }

    /** A tenth is kept off the end: our clock and the backend's need not run alike. */
    private long certainty() {
        return ttl.minus(ttl.dividedBy(10)).toNanos();
    }

    private String names() {
        return instances.stream().map(InstanceKey::toString).collect(Collectors.joining(", "));
    }
}
