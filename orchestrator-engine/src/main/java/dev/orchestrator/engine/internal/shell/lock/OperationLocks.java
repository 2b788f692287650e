package dev.orchestrator.engine.internal.shell.lock;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.MaintenanceLocks;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.lock.Hold;
import dev.orchestrator.engine.internal.shell.audit.AuditTrail;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.LockStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The maintenance locks of the backend, and the heartbeat of those that operations of this process hold. */
public final class OperationLocks implements MaintenanceLocks, AutoCloseable {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final LockStore store;
    private final AuditTrail audit;
    private final Duration ttl;
    private final Ticker ticker;
    private final ScheduledExecutorService heartbeats = NamedExecutors.scheduler("locks", 1);
    /** Each extension on a thread of its own: one that the backend keeps waiting loses no other lock. */
    private final ExecutorService extensions = NamedExecutors.blocking("lock");

    private final Set<HeldLock> held = ConcurrentHashMap.newKeySet();

    /**
     * The locks.
     *
     * @param store where they are
     * @param audit told what people do with them
     * @param ttl how long an operation's lock holds without a heartbeat
     * @param ticker the monotonic clock
     */
    public OperationLocks(LockStore store, AuditTrail audit, Duration ttl, Ticker ticker) {
        this.store = store;
        this.audit = audit;
        this.ttl = ttl;
        this.ticker = ticker;
    }

    @Override
    public MaintenanceLock acquire(LockRequest request, Actor owner, String reason) {
        List<InstanceKey> ordered = List.copyOf(request.all());
        if (ordered.isEmpty()) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, "cannot lock: no instance is named");
        }
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(reason, "reason");
        long asked = ticker.nanos();
        String token = granted(store.acquire(request, owner, reason, ttl));
        HeldLock lock = new HeldLock(store, ticker, ttl, new HeldLock.Grant(token, ordered, asked), held::remove);
        held.add(lock);
        keepAlive(lock);
        return lock;
    }

    @Override
    public LockInfo begin(InstanceKey instance, Actor owner, String reason, Duration duration) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(reason, "reason");
        if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT,
                    "cannot begin maintenance of " + instance + " for " + duration
                            + ": the duration must be longer than nothing and at most 365 days");
        }
        String token = granted(store.acquire(LockRequest.forMaintenance(instance), owner, reason, duration));
        LockInfo lock = store.find(instance)
                .filter(l -> l.token().equals(token))
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.LOCK_LOST,
                        "the maintenance of " + instance + " was begun and ended by somebody at once"));
        record("begin-maintenance", instance, owner, "for " + LockWords.age(duration) + ": " + reason);
        return lock;
    }

    @Override
    public Optional<LockInfo> end(InstanceKey instance, Actor by) {
        Objects.requireNonNull(by, "by");
        Optional<LockInfo> ended = store.end(instance);
        ended.ifPresent(lock -> {
            boolean own = lock.owner().who().equals(by.who());
            record(
                    "end-maintenance",
                    instance,
                    by,
                    (own ? "own lock: " : "somebody else's lock: ") + LockWords.describe(lock));
        });
        return ended;
    }

    @Override
    public Optional<LockInfo> find(InstanceKey instance) {
        return store.find(instance);
    }

    @Override
    public List<LockInfo> active() {
        return store.active();
    }

    /** Ends all locks that operations of this process hold, and their heartbeat. */
    @Override
    public void close() {
        List.copyOf(held).forEach(HeldLock::close);
        heartbeats.shutdownNow();
        extensions.shutdownNow();
    }

    private static String granted(LockStore.Attempt attempt) {
        String token = attempt.token();
        if (token == null) {
            throw new OrchestratorException(ErrorCode.LOCKED, LockWords.refusal(attempt.blockers()));
        }
        return token;
    }

    private void keepAlive(HeldLock lock) {
        long interval = Hold.beat(ttl).toNanos();
        try {
            lock.keepAliveBy(heartbeats.scheduleAtFixedRate(
                    () -> lock.extendOn(extensions), interval, interval, TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            lock.close();
            throw new OrchestratorException(ErrorCode.NOT_RUNNING, "cannot lock: the orchestrator is closed", e);
        }
    }

    private void record(String type, InstanceKey instance, Actor actor, String message) {
        audit.record(new AuditEntry(0, null, type, instance, "", actor, message));
    }
}
