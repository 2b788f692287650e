package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.engine.internal.core.discovery.Lane;
import dev.orchestrator.engine.internal.core.discovery.PollSchedule;
import dev.orchestrator.engine.internal.core.discovery.PollTiming;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the schedule: one thread wakes it at the next turn, others poll. Thread-safe. */
final class PollScheduler implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PollScheduler.class);

    private final Function<InstanceKey, Observation> prober;
    private final Function<Observation, PollSchedule.Ending> handler;
    private final Ticker ticker;
    private final ExecutorService workers;
    private final ScheduledExecutorService timer = NamedExecutors.untilClosed("poll-timer", 1);
    private final ReentrantLock lock = new ReentrantLock();

    /* guarded by lock */
    private final PollSchedule schedule;

    /* guarded by lock */
    private final Map<InstanceKey, List<CompletableFuture<Observation>>> waiters = new HashMap<>();

    /** Begins what is due at the next turn, null when none is planned; guarded by lock, like its time and number. */
    private @Nullable ScheduledFuture<?> wake;

    private long wakesAt;
    private long wakes;

    /* guarded by lock */
    private boolean closed;

    /**
     * Makes one that is idle until something is watched or demanded.
     *
     * @param prober asks a server; blocks at most as long as a poll may take, and never throws for what a server does
     * @param handler takes what polls bring, on the polling thread, before anybody who waits for it goes on; says how the poll
     *     ended, for the schedule
     */
    PollScheduler(
            PollTiming timing,
            Ticker ticker,
            Function<InstanceKey, Observation> prober,
            Function<Observation, PollSchedule.Ending> handler) {
        this.prober = prober;
        this.handler = handler;
        this.ticker = ticker;
        this.schedule = new PollSchedule(timing, ticker.nanos());
        this.workers = NamedExecutors.blocking("poll");
    }

    void watch(InstanceKey key, boolean hasReplicas, long within) {
        plan(now -> schedule.watch(key, hasReplicas, now, within));
    }

    void unwatch(InstanceKey key) {
        plan(now -> schedule.unwatch(key));
    }

    void clear() {
        plan(now -> schedule.clear());
    }

    /** Polls a server as soon as can be, and once more if a poll is running. */
    CompletableFuture<Observation> demand(InstanceKey key, Lane lane) {
        CompletableFuture<Observation> answer = new CompletableFuture<>();
        plan(now -> {
            if (closed) {
                answer.cancel(false);
            } else {
                waiters.computeIfAbsent(key, k -> new ArrayList<>()).add(answer);
                schedule.demand(key, lane, now);
            }
        });
        return answer;
    }

    /** Polls servers as soon as can be; nobody waits. */
    void nudge(Collection<InstanceKey> keys) {
        plan(now -> keys.forEach(k -> schedule.demand(k, Lane.URGENT, now)));
    }

    boolean suspect(InstanceKey key, Collection<InstanceKey> witnesses) {
        AtomicBoolean news = new AtomicBoolean();
        plan(now -> news.set(schedule.suspect(key, witnesses, now)));
        return news.get();
    }

    boolean isSuspected(InstanceKey key) {
        return ask(() -> schedule.isSuspected(key));
    }

    boolean isWitness(InstanceKey key) {
        return ask(() -> schedule.isWitness(key));
    }

    boolean isWatched(InstanceKey key) {
        return ask(() -> schedule.isWatched(key));
    }

    private boolean ask(BooleanSupplier question) {
        lock.lock();
        try {
            return question.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    private void plan(LongConsumer change) {
        List<Poll> polls;
        lock.lock();
        try {
            long now = ticker.nanos();
            change.accept(now);
            polls = due(now);
            planWake(now);
        } finally {
            lock.unlock();
        }
        begin(polls);
    }

    // the caller holds the lock
    private List<Poll> due(long now) {
        if (closed) {
            return List.of();
        }
        return schedule.start(now).stream()
                .map(start -> new Poll(start.key(), Objects.requireNonNullElse(waiters.remove(start.key()), List.of())))
                .toList();
    }

    // the caller holds the lock
    private void planWake(long now) {
        Long until = schedule.untilNext(now);
        if (closed || until == null || (wake != null && wakesAt - (now + until) <= 0)) {
            return;
        }
        if (wake != null) {
            wake.cancel(false);
        }
        wakesAt = now + until;
        long number = ++wakes;
        wake = timer.schedule(() -> plan(n -> woke(number)), until, TimeUnit.NANOSECONDS);
    }

    /** One that could not be cancelled any more says nothing about the one that took its place. */
    private void woke(long number) {
        if (number == wakes) {
            wake = null;
        }
    }

    private void begin(List<Poll> polls) {
        for (Poll poll : polls) {
            try {
                workers.execute(poll);
            } catch (RejectedExecutionException e) {
                poll.abandon();
            }
        }
    }

    /** One poll of one server. */
    private final class Poll implements Runnable {
        private final InstanceKey key;
        private final List<CompletableFuture<Observation>> waiting;

        Poll(InstanceKey key, List<CompletableFuture<Observation>> waiting) {
            this.key = key;
            this.waiting = waiting;
        }

        @Override
        public void run() {
            Observation observation = null;
            PollSchedule.Ending ending = new PollSchedule.Ending(false, false, true);
            try {
                observation = prober.apply(key);
                ending = handler.apply(observation);
            } catch (RuntimeException e) {
                log.atError().addKeyValue("instance", key).setCause(e).log("a poll could not be worked up");
            } finally {
                PollSchedule.Ending end = ending;
                plan(now -> schedule.finished(key, now, end));
                answer(observation);
            }
        }

        private void answer(@Nullable Observation observation) {
            if (observation == null) {
                abandon();
            } else {
                waiting.forEach(w -> w.complete(observation));
            }
        }

        void abandon() {
            waiting.forEach(w -> w.cancel(false));
        }
    }

    /** Begins no more polls; those that run end by themselves. */
    @Override
    public void close() {
        List<CompletableFuture<Observation>> left;
        lock.lock();
        try {
            closed = true;
            left = waiters.values().stream().flatMap(List::stream).toList();
            waiters.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(w -> w.cancel(false));
        workers.shutdown();
        timer.shutdownNow();
    }
}
