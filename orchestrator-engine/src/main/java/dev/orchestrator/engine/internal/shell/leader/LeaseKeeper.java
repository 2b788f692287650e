package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.engine.internal.core.leader.LeaseEffect;
import dev.orchestrator.engine.internal.core.leader.LeaseEvent;
import dev.orchestrator.engine.internal.core.leader.LeaseSettings;
import dev.orchestrator.engine.internal.core.leader.LeaseState;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.LeaseStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for a lease and keeps it, as {@link LeaseState} says. All calls of the backend are made by one thread, but for
 * {@link #succeed}, which must not wait for a call that hangs in a backend that is gone.
 */
public final class LeaseKeeper implements LeaderElection, Leadership {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final LeaseStore store;
    private final LeaseSettings terms;
    private final Ticker ticker;
    private final LeaseCalls calls;
    private final ScheduledExecutorService caller = NamedExecutors.untilClosed("lease", 1);
    private final ListenerTeller teller;

    // Written under the monitor, read without.
    private volatile LeaseState state;

    // Guarded by the monitor.
    private boolean started;

    /**
     * A keeper that does nothing by itself until started.
     *
     * @param store where the lease is
     * @param terms how it is kept
     * @param ticker the monotonic clock
     * @param quiescence awaited before the lease is given up
     * @param ballot asked before a free lease is taken
     */
    public LeaseKeeper(
            LeaseStore store, LeaseSettings terms, Ticker ticker, IdleCheck quiescence, CandidacyCheck ballot) {
        this.store = store;
        this.terms = terms;
        this.ticker = ticker;
        this.calls = new LeaseCalls(store, terms, ticker, ballot, quiescence);
        this.state = LeaseState.begin(terms, ballot != CandidacyCheck.FREE);
        this.teller = new ListenerTeller(terms.name(), () -> state.epochToTell(ticker.nanos()));
    }

    /** Begins to stand for the lease, or only to keep what is seized when the node is no candidate. */
    public synchronized void start() {
        if (!started && !state.closed()) {
            started = true;
            scheduleNext(Duration.ZERO);
        }
    }

    @Override
    public Standing standing() {
        return state.standing(ticker.nanos());
    }

    @Override
    public Optional<Held> held() {
        return state.heldAt(ticker.nanos()).map(t -> new Held(t.lease(), t.endNanos()));
    }

    @Override
    public OptionalLong epoch() {
        return held().map(h -> OptionalLong.of(h.lease().epoch())).orElseGet(OptionalLong::empty);
    }

    @Override
    public Duration certainFor() {
        return state.certainFor(ticker.nanos());
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
        long begun = ticker.nanos();
        Optional<Lease> next = store.succeed(former);
        if (next.isEmpty()) {
            return next;
        }
        granted.accept(next.get());
        LeaseState after = fold(new LeaseEvent.Succeeded(former, next.get(), begun, ticker.nanos()));
        if (!after.isOf(next.get())) {
            // What was begun under the former one may be under way: nobody else may have it before it has run out.
            log.atWarn()
                    .addKeyValue("lease", next.get())
                    .log("taken after the former one was given up: it is left to run out");
            return Optional.empty();
        }
        return next;
    }

    /** Has listeners told of a new lease that was taken by {@link #succeed}. */
    public void announce() {
        fold(new LeaseEvent.Announced(ticker.nanos()));
    }

    /**
     * Does not stand for the lease for one lease time: whoever led in a backend that was just left may lead until then.
     */
    public void rest() {
        fold(new LeaseEvent.Rested(ticker.nanos()));
    }

    @Override
    public void seize() {
        onCallerThread("seize leadership", () -> run(new LeaseEvent.SeizeAsked(ticker.nanos())));
    }

    @Override
    public void resign() {
        fold(new LeaseEvent.ResignAsked(ticker.nanos()));
        leave();
    }

    @Override
    public void vacate() {
        onCallerThread("end the present leadership", () -> run(new LeaseEvent.VacateAsked(ticker.nanos())));
        leave();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (state.closed()) {
                return;
            }
        }
        fold(new LeaseEvent.CloseAsked(ticker.nanos()));
        leave();
        caller.shutdownNow();
        teller.close(Duration.ofSeconds(1));
    }

    /** One turn of the keeper: renews what is held, else tries to take it. Returns how long to wait for the next. */
    Duration turn() {
        boolean answered = state.answered();
        try {
            run(new LeaseEvent.TurnDue(ticker.nanos()));
            if (!answered) {
                log.atInfo().addKeyValue("lease", terms.name()).log("the backend answers again");
            }
        } catch (RuntimeException e) {
            if (answered) {
                log.atWarn().addKeyValue("lease", terms.name()).setCause(e).log("the backend does not answer");
            }
        }
        double spread = 0.75 + ThreadLocalRandom.current().nextDouble() * 0.5;
        return state.untilNextTurn(ticker.nanos(), spread);
    }

    /** Carries out an errand, question after question. */
    private void run(LeaseEvent begin) {
        Optional<LeaseEffect> next = fold(begin).asks();
        while (next.isPresent()) {
            LeaseEvent answer;
            try {
                answer = next.get().match(calls);
            } catch (RuntimeException e) {
                fold(new LeaseEvent.Failed(ticker.nanos()));
                throw e;
            }
            next = fold(answer).asks();
        }
    }

    /** Lets others have what was given up once nothing begun under it is under way. */
    private void leave() {
        wantedToLeave(LeaseEffect.AwaitQuiescence.class).forEach(w -> fold(w.match(calls)));
        wantedToLeave(LeaseEffect.Release.class).forEach(this::release);
    }

    private <T extends LeaseEffect> List<T> wantedToLeave(Class<T> kind) {
        return state.leaves(ticker.nanos()).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private void release(LeaseEffect.Release wanted) {
        try {
            onCallerThread("give up leadership", () -> fold(wanted.match(calls)));
        } catch (OrchestratorException e) {
            fold(new LeaseEvent.Quiet(wanted.lease(), false, ticker.nanos()));
            log.atWarn()
                    .addKeyValue("lease", wanted.lease())
                    .setCause(e)
                    .log("could not be given up: it is left to run out");
        }
    }

    private synchronized LeaseState fold(LeaseEvent event) {
        LeaseState before = state;
        LeaseState after = before.fold(event);
        state = after;
        if (after.isToldAnew(before)) {
            teller.look(after.changesIn(ticker.nanos()));
        }
        return after;
    }

    private void scheduleNext(Duration delay) {
        caller.schedule(this::turnAndSchedule, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void turnAndSchedule() {
        if (!state.closed()) {
            scheduleNext(turn());
        }
    }

    /** The backend's calls are bounded by the backend; this bound is for one that breaks its word. */
    private void onCallerThread(String what, Runnable call) {
        Future<?> future = caller.submit(call);
        try {
            future.get(terms.ttl().toNanos(), TimeUnit.NANOSECONDS);
        } catch (CancellationException e) {
            throw new OrchestratorException(
                    ErrorCode.NOT_RUNNING, "cannot " + what + " '" + terms.name() + "': closed", e);
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
