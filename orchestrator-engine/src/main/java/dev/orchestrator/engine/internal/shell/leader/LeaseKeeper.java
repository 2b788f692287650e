package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.LeaseStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for a lease and keeps it. Whether it is held is computed from the moment at which the last successful renewal
 * was <em>begun</em> and the monotonic clock, never from an answer's arrival: a backend that hangs, a long pause of the
 * process or a slow renewal cannot make it look held longer than it is. All calls of the backend are made by one thread,
 * but for {@link #succeed}, which must not wait for a call that hangs in a backend that is gone.
 */
public final class LeaseKeeper implements LeaderElection, Leadership {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final LeaseStore store;
    private final LeaseTerms terms;
    private final Ticker ticker;
    private final Quiescence quiescence;
    private final Ballot ballot;
    private final ScheduledExecutorService caller = NamedExecutors.scheduler("lease", 1);
    private final ListenerTeller teller;

    // Written under the monitor, read without.
    private volatile @Nullable Tenure tenure;
    private volatile boolean answered = true;
    private volatile boolean closed;
    private volatile boolean started;

    // Written under the monitor: the tenure that listeners still know the present one by, null when they know it.
    private volatile @Nullable Lease succeeded;

    // Guarded by the monitor: the reading until which this node does not stand, null when it may.
    private @Nullable Long barredUntil;

    /**
     * A keeper that does nothing by itself until started.
     *
     * @param store where the lease is
     * @param terms how it is kept
     * @param ticker the monotonic clock
     * @param quiescence awaited before the lease is given up
     */
    public LeaseKeeper(LeaseStore store, LeaseTerms terms, Ticker ticker, Quiescence quiescence) {
        this(store, terms, ticker, quiescence, Ballot.FREE);
    }

    /**
     * A keeper that does nothing by itself until started.
     *
     * @param store where the lease is
     * @param terms how it is kept
     * @param ticker the monotonic clock
     * @param quiescence awaited before the lease is given up
     * @param ballot asked before a free lease is taken
     */
    public LeaseKeeper(LeaseStore store, LeaseTerms terms, Ticker ticker, Quiescence quiescence, Ballot ballot) {
        this.store = store;
        this.ballot = ballot;
        this.terms = terms;
        this.ticker = ticker;
        this.quiescence = quiescence;
        this.teller = new ListenerTeller(terms.name(), this::epochToTell);
    }

    /** Begins to stand for the lease, or only to keep what is seized when the node is no candidate. */
    public synchronized void start() {
        if (!started && !closed) {
            started = true;
            scheduleNext(Duration.ZERO);
        }
    }

    @Override
    public Standing standing() {
        Tenure now = tenure;
        long nanos = ticker.nanos();
        if (now != null && now.holdsAt(nanos)) {
            return Standing.LEADING;
        }
        boolean expiredUnnoticed = now != null && now.isOverAt(nanos);
        return closed || (answered && !expiredUnnoticed) ? Standing.NOT_LEADING : Standing.UNKNOWN;
    }

    @Override
    public Optional<Held> held() {
        Tenure now = tenure;
        return now != null && now.holdsAt(ticker.nanos())
                ? Optional.of(new Held(now.lease(), now.endNanos()))
                : Optional.empty();
    }

    @Override
    public OptionalLong epoch() {
        Optional<Held> held = held();
        return held.isPresent() ? OptionalLong.of(held.get().lease().epoch()) : OptionalLong.empty();
    }

    private OptionalLong epochToTell() {
        OptionalLong now = epoch();
        Lease before = succeeded;
        return now.isPresent() && before != null ? OptionalLong.of(before.epoch()) : now;
    }

    /**
     * Goes on leading in a copy of the backend that has just become the backend: takes the lease there with a greater
     * epoch. Listeners are told of it by {@link #announce()}, so that what is under way is not disturbed before.
     *
     * @param former the lease this node holds
     * @param granted told of the new lease, before it is the one that is held
     * @return the new lease; empty when the former one is over, or somebody else has the lease there
     * @throws OrchestratorException when the backend does not answer
     */
    public Optional<Lease> succeed(Lease former, Consumer<Lease> granted) {
        long before = ticker.nanos();
        Optional<Lease> next = store.succeed(former);
        next.ifPresent(granted);
        if (next.isPresent() && !replace(former, next.get(), before)) {
            store.release(next.get());
            return Optional.empty();
        }
        return next;
    }

    private synchronized boolean replace(Lease former, Lease next, long asked) {
        Tenure now = tenure;
        if (closed || now == null || !now.lease().equals(former)) {
            return false;
        }
        succeeded = former;
        tenure = new Tenure(next, asked, asked + terms.certainty().toNanos());
        lookAgain();
        return true;
    }

    /** Has listeners told of a new lease that was taken by {@link #succeed}. */
    public synchronized void announce() {
        if (succeeded != null) {
            succeeded = null;
            lookAgain();
        }
    }

    /**
     * Does not stand for the lease for one lease time: whoever led in a backend that was just left may lead until then.
     */
    public synchronized void rest() {
        barredUntil = ticker.nanos() + terms.ttl().toNanos();
    }

    @Override
    public Duration certainFor() {
        Tenure now = tenure;
        long nanos = ticker.nanos();
        return now != null && now.holdsAt(nanos) ? Duration.ofNanos(now.endNanos() - nanos) : Duration.ZERO;
    }

    @Override
    public Optional<Leader> leader() {
        return store.current(terms.name())
                .map(h -> new Leader(h.holder(), h.token(), h.epoch(), h.since(), h.renewedAt()));
    }

    @Override
    public void addListener(Listener listener) {
        teller.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void seize() {
        onCallerThread("seize leadership", () -> {
            seizeNow();
            return true;
        });
    }

    @Override
    public void resign() {
        giveUp(terms.ttl());
    }

    @Override
    public void vacate() {
        boolean ours = onCallerThread("end the present leadership", () -> {
            Optional<LeaseStore.Holding> holding = store.current(terms.name());
            Tenure mine = tenure;
            if (holding.isEmpty()) {
                return false;
            }
            if (mine != null && mine.lease().token().equals(holding.get().token())) {
                return true;
            }
            // The present leader learns of its end at its next renewal. Nobody may lead before its lease is over, so
            // the lease is taken for just that long, without acting under it, and then runs out.
            store.seize(terms.name(), terms.node(), terms.ttl());
            return false;
        });
        if (ours) {
            giveUp(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        giveUp(terms.ttl());
        caller.shutdownNow();
        teller.close(Duration.ofSeconds(1));
    }

    /** One turn of the keeper: renews what is held, else tries to take it. Returns how long to wait for the next. */
    Duration turn() {
        Tenure now = tenure;
        try {
            if (now != null) {
                renew(now);
            } else if (mayStand() && (ballot == Ballot.FREE || isFreeToTake())) {
                long before = ticker.nanos();
                store.acquire(terms.name(), terms.node(), terms.ttl())
                        .ifPresent(lease -> beginOrRelease(lease, before, before));
            }
            answers(true, null);
        } catch (RuntimeException e) {
            answers(false, e);
            return tenure != null ? terms.retryInterval() : attemptInterval();
        }
        return tenure != null ? untilRenewal() : attemptInterval();
    }

    private boolean isFreeToTake() {
        return store.current(terms.name()).isEmpty() && ballot.mayStand() && mayStand();
    }

    /** Sooner than usual when the grant took so long that little of the lease is left. */
    private Duration untilRenewal() {
        Duration third = certainFor().dividedBy(3);
        return third.compareTo(terms.renewInterval()) < 0 && !third.isZero() ? third : terms.renewInterval();
    }

    private void renew(Tenure now) {
        long before = ticker.nanos();
        if (store.renew(now.lease())) {
            extend(now.lease(), before + terms.certainty().toNanos());
        } else if (drop(now.lease())) {
            log.atWarn().addKeyValue("lease", now.lease()).log("lost: somebody else took it, or it ran out");
        }
    }

    private void seizeNow() {
        long before = ticker.nanos();
        Optional<Lease> free = store.acquire(terms.name(), terms.node(), terms.ttl());
        if (free.isPresent()) {
            beginOrRelease(free.get(), before, before);
            return;
        }
        Tenure mine = tenure;
        if (mine != null && store.renew(mine.lease())) {
            extend(mine.lease(), before + terms.certainty().toNanos());
            return;
        }
        long asked = ticker.nanos();
        Lease lease = store.seize(terms.name(), terms.node(), terms.ttl());
        // The former leader may act until its own lease is over: it learns of this at its next renewal only.
        beginOrRelease(lease, asked, ticker.nanos() + terms.ttl().toNanos());
    }

    private void beginOrRelease(Lease lease, long asked, long notBefore) {
        if (!begin(lease, asked, notBefore)) {
            store.release(lease);
        }
    }

    private synchronized boolean begin(Lease lease, long asked, long notBefore) {
        if (closed) {
            return false;
        }
        barredUntil = null;
        tenure = new Tenure(lease, notBefore, asked + terms.certainty().toNanos());
        lookAgain();
        return true;
    }

    private synchronized void extend(Lease lease, long end) {
        Tenure now = tenure;
        if (now != null && now.lease().equals(lease)) {
            tenure = now.extendedTo(end);
            lookAgain();
        }
    }

    private synchronized boolean drop(Lease lease) {
        Tenure now = tenure;
        boolean ours = now != null && now.lease().equals(lease);
        if (ours) {
            tenure = null;
            lookAgain();
        }
        return ours;
    }

    private void lookAgain() {
        Tenure now = tenure;
        if (now == null) {
            teller.look(null);
            return;
        }
        long nanos = ticker.nanos();
        long next = nanos - now.beginNanos() < 0 ? now.beginNanos() : now.endNanos();
        teller.look(Duration.ofNanos(next - nanos));
    }

    private synchronized boolean mayStand() {
        Long barred = barredUntil;
        if (barred != null && ticker.nanos() - barred >= 0) {
            barredUntil = null;
            barred = null;
        }
        return terms.candidate() && barred == null && !closed;
    }

    /** Stops acting at once, waits until what was begun is over, and only then lets others have the lease. */
    private void giveUp(Duration bar) {
        Tenure former;
        synchronized (this) {
            former = tenure;
            if (former == null) {
                return;
            }
            tenure = null;
            barredUntil = ticker.nanos() + bar.toNanos();
            lookAgain();
        }
        long nanos = ticker.nanos();
        if (nanos - former.beginNanos() < 0) {
            log.atInfo()
                    .addKeyValue("lease", former.lease())
                    .log("given up before the former leader's time was over: it is left to run out");
            return;
        }
        if (!quiescence.await(Duration.ofNanos(Math.max(0, former.endNanos() - nanos)))) {
            log.atWarn()
                    .addKeyValue("lease", former.lease())
                    .log("given up while something is under way: it is left to run out");
            return;
        }
        try {
            onCallerThread("give up leadership", () -> store.release(former.lease()));
        } catch (OrchestratorException e) {
            log.atWarn()
                    .addKeyValue("lease", former.lease())
                    .setCause(e)
                    .log("could not be given up: it is left to run out");
        }
    }

    private void answers(boolean now, @Nullable RuntimeException failure) {
        if (answered && !now) {
            log.atWarn().addKeyValue("lease", terms.name()).setCause(failure).log("the backend does not answer");
        } else if (!answered && now) {
            log.atInfo().addKeyValue("lease", terms.name()).log("the backend answers again");
        }
        answered = now;
    }

    private Duration attemptInterval() {
        double jitter = 0.75 + ThreadLocalRandom.current().nextDouble() * 0.5;
        return Duration.ofNanos((long) (terms.attemptInterval().toNanos() * jitter));
    }

    private void scheduleNext(Duration delay) {
        try {
            caller.schedule(this::turnAndSchedule, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().addKeyValue("lease", terms.name()).log("closed: no more turns");
        }
    }

    private void turnAndSchedule() {
        if (!closed) {
            scheduleNext(turn());
        }
    }

    /** The backend's calls are bounded by the backend; this bound is for one that breaks its word. */
    private <T> T onCallerThread(String what, Callable<T> call) {
        Future<T> future;
        try {
            future = caller.submit(call);
        } catch (RejectedExecutionException e) {
            throw new OrchestratorException(
                    ErrorCode.NOT_RUNNING, "cannot " + what + " '" + terms.name() + "': closed", e);
        }
        try {
            return future.get(terms.ttl().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw unavailable(what, "no answer within " + terms.ttl(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            future.cancel(true);
            throw unavailable(what, "interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw unavailable(what, Objects.requireNonNullElse(cause.getMessage(), cause.toString()), cause);
        }
    }

    private OrchestratorException unavailable(String what, String why, Throwable cause) {
        return new OrchestratorException(
                ErrorCode.BACKEND_UNAVAILABLE, "cannot " + what + " '" + terms.name() + "': " + why, cause);
    }
}
