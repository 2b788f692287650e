package dev.orchestrator.engine.internal.shell.lock;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.lock.Hold;
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

/** Locks of one operation, and their heartbeat. */
final class HeldLock implements MaintenanceLock {
    private static final Logger log = LoggerFactory.getLogger(HeldLock.class);

    private final LockStore store;
    private final Ticker ticker;
    private final Duration ttl;
    private final Grant grant;
    private final Consumer<HeldLock> onClose;

    // Changed under the monitor; reads of it need no order.
    private volatile Hold hold;
    private boolean closed;
    private @Nullable Future<?> heartbeat;
    /** At most one extension is under way. */
    private final AtomicBoolean extending = new AtomicBoolean();

    HeldLock(LockStore store, Ticker ticker, Duration ttl, Grant grant, Consumer<HeldLock> onClose) {
        this.store = store;
        this.ticker = ticker;
        this.ttl = ttl;
        this.grant = grant;
        this.hold = Hold.granted(grant.instances().size(), ttl, grant.askedNanos());
        this.onClose = onClose;
    }

    /** Locks as the backend granted them; asked for at the reading given. */
    record Grant(String token, List<InstanceKey> instances, long askedNanos) {}

    @Override
    public String token() {
        return grant.token();
    }

    @Override
    public List<InstanceKey> instances() {
        return grant.instances();
    }

    @Override
    public boolean isHeld() {
        return hold.whyNot(ticker.nanos()) == null;
    }

    @Override
    public void check() {
        String why = hold.whyNot(ticker.nanos());
        if (why != null) {
            throw new OrchestratorException(
                    ErrorCode.LOCK_LOST, "the maintenance lock on " + names() + " is no longer held: " + why);
        }
    }

    @Override
    public Duration certainFor() {
        return hold.certainFor(ticker.nanos());
    }

    @Override
    public void close() {
        Future<?> beat;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            hold = hold.givenUp();
            beat = heartbeat;
        }
        if (beat != null) {
            beat.cancel(false);
        }
        onClose.accept(this);
        try {
            store.release(grant.token());
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
        if (hold.ended() != null) {
            return;
        }
        long asked = ticker.nanos();
        try {
            int extended = store.extend(grant.token(), ttl);
            if (isLostBy(extended, asked)) {
                log.atWarn()
                        .addKeyValue("instances", names())
                        .addKeyValue("extended", extended)
                        .log("a maintenance lock was lost");
            }
        } catch (RuntimeException e) {
            // Whatever it was: the next heartbeat tries again.
            log.atWarn()
                    .addKeyValue("instances", names())
                    .setCause(e)
                    .log("a maintenance lock could not be extended; trying again");
        }
    }

    private synchronized boolean isLostBy(int extended, long asked) {
        boolean before = hold.ended() != null;
        hold = hold.extended(extended, asked);
        return !before && hold.ended() != null;
    }

    private String names() {
        return grant.instances().stream().map(InstanceKey::toString).collect(Collectors.joining(", "));
    }
}
