package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Node;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.shell.audit.AuditTrail;
import dev.orchestrator.engine.internal.shell.schedule.MonitorWait;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.RunStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes that this process makes, seen by all nodes and stopped from any of them. A change never waits for the
 * backend here: rows are written behind it, in order, by a thread of the registry. While nothing runs, nothing is asked.
 */
public final class RunRegistry implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunRegistry.class);
    /** With the answer of the backend, half a second from an order on another node to its effect. */
    private static final long LOOK_MILLIS = 250;

    /** An order on another node takes half a second to its effect, and its answer as long. */
    private static final long ANSWER_MILLIS = 3000;

    private static final long ANSWER_LOOK_MILLIS = 100;
    private static final long LAST_WORD_MILLIS = 1000;
    private static final String CANCELLED = "it was cancelled";

    /** What an abandoned change has in flight is awaited, but not for ever: its guard ends it. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(5);

    private final RunStore store;
    private final AuditTrail audit;
    private final Node self;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Map<String, Run> here = new ConcurrentHashMap<>();
    private final ScheduledExecutorService rows = NamedExecutors.scheduler("runs", 1);
    /** Apart from the rows: an order given in this process must not wait for a backend that hangs. */
    private final ExecutorService stops = NamedExecutors.pool("run-stop", 1);
    /** The next look for orders; null while nothing runs. Guarded by the monitor. */
    private @Nullable Future<?> looking;
    /** Whether no change may begin any more. Guarded by the monitor. */
    private boolean ending;

    /**
     * A registry.
     *
     * @param store where all nodes see the changes
     * @param audit told who stopped what
     * @param self this process
     * @param clock the time of day
     * @param ticker monotonic time
     */
    public RunRegistry(RunStore store, AuditTrail audit, Node self, InstantSource clock, Ticker ticker) {
        this.store = store;
        this.audit = audit;
        this.self = self;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * A change begins. Returns at once.
     *
     * @param uid its identity
     * @param kind what kind of change
     * @param description what it does, for people
     * @param instances the servers it changes
     * @param actor who ordered it
     * @return closed by the caller when the change is over
     * @throws OrchestratorException with {@code NOT_RUNNING} when the orchestrator is closing
     */
    public Run begin(String uid, String kind, String description, Collection<InstanceKey> instances, Actor actor) {
        RunningChange change =
                RunningChange.beginning(uid, kind, description, List.copyOf(instances), actor, self, clock.instant());
        Run run = new Run(uid);
        synchronized (this) {
            if (ending) {
                throw new OrchestratorException(
                        ErrorCode.NOT_RUNNING,
                        "not begun, nothing was changed: " + description + ": the orchestrator is closing");
            }
            here.put(uid, run);
        }
        write("begin", uid, () -> store.begin(change));
        look();
        return run;
    }

    /**
     * Whether this process makes a change.
     *
     * @param uid its identity
     * @return true from its begin until it is over
     */
    public boolean isRunning(String uid) {
        return here.containsKey(uid);
    }

    /**
     * Lets no change begin any more, asks all of this process to stop, and waits until they are over. What then still runs
     * is abandoned, so that whoever leads next goes on with it. Idempotent.
     *
     * @param why for people
     * @param patience how long they may take
     * @return whether all came to an end of their own
     */
    public boolean endAll(String why, Duration patience) {
        synchronized (this) {
            if (ending) {
                // Whoever began it has given all of them their time.
                return here.isEmpty();
            }
            ending = true;
        }
        here.values().forEach(run -> run.stop(why));
        if (awaitNone(patience)) {
            return true;
        }
        log.atWarn()
                .addKeyValue("uids", here.keySet())
                .log(
                        "changes did not end in time: they are abandoned, and whoever leads goes on with what has a record");
        here.values().forEach(run -> run.abandon(why + " before it was over"));
        awaitNone(IN_FLIGHT);
        return false;
    }

    private boolean awaitNone(Duration patience) {
        return MonitorWait.until(this, here::isEmpty, patience, ticker);
    }

    /**
     * The running changes of all nodes.
     *
     * @return in the order they began
     */
    public List<RunningChange> running() {
        return store.running();
    }

    /**
     * Asks a change to stop, on whatever node it runs.
     *
     * @param uid the change
     * @param by who asks
     * @return what the change makes of it, if that is known within three seconds
     * @throws OrchestratorException with {@code INVALID_INPUT} when no such change is running
     */
    public CancelOutcome cancel(String uid, Actor by) {
        Run run = here.get(uid);
        CompletableFuture<CancelOutcome> answer = run == null ? new CompletableFuture<>() : run.answer;
        if (run != null) {
            run.stop(CANCELLED);
            write("cancel", uid, () -> store.askToStop(uid, by));
        } else if (!store.askToStop(uid, by)) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT, "no change with the UID '" + uid + "' is running (running lists them)");
        }
        audit.record(new AuditEntry(0, null, "cancel", null, "", by, "asked change " + uid + " to stop"));
        Future<?> asking = run == null ? lookForAnswer(uid, answer) : null;
        try {
            return answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return CancelOutcome.ASKED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CancelOutcome.ASKED;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer that failed", e);
        } finally {
            if (asking != null) {
                asking.cancel(false);
            }
        }
    }

    /** The node that makes the change writes its answer beside it, and removes both when the change is over. */
    private @Nullable Future<?> lookForAnswer(String uid, CompletableFuture<CancelOutcome> answer) {
        Runnable look = () -> {
            try {
                Optional<RunningChange> change = store.running().stream()
                        .filter(r -> r.uid().equals(uid))
                        .findFirst();
                if (change.isEmpty()) {
                    answer.complete(CancelOutcome.ENDED);
                } else {
                    change.get().cancelOutcome().ifPresent(answer::complete);
                    if (change.get().silent()) {
                        answer.complete(CancelOutcome.UNHEARD);
                    }
                }
            } catch (RuntimeException e) {
                log.atDebug().addKeyValue("uid", uid).setCause(e).log("the backend was not asked for the answer");
            }
        };
        try {
            return rows.scheduleWithFixedDelay(look, 0, ANSWER_LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("closed; the answer is not waited for");
            return null;
        }
    }

    private synchronized void look() {
        if (looking == null && !here.isEmpty()) {
            try {
                looking = rows.scheduleWithFixedDelay(
                        this::stopWhatIsAsked, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.atDebug().setCause(e).log("closed; orders of other nodes are not looked for any more");
            }
        }
    }

    private synchronized void oneIsOver() {
        notifyAll();
        if (looking != null && here.isEmpty()) {
            looking.cancel(false);
            looking = null;
        }
    }

    private void stopWhatIsAsked() {
        try {
            for (String uid : store.askedToStop(self.token())) {
                Run run = here.get(uid);
                if (run != null) {
                    run.stop(CANCELLED);
                }
            }
        } catch (RuntimeException e) {
            log.atDebug().setCause(e).log("the backend was not asked whether somebody wants a change stopped");
        }
    }

    private void write(String what, String uid, Runnable task) {
        try {
            rows.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.atInfo()
                            .addKeyValue("what", what)
                            .addKeyValue("uid", uid)
                            .addKeyValue("why", e.toString())
                            .log("the running change is not told in the backend");
                }
            });
        } catch (RejectedExecutionException e) {
            log.atDebug().addKeyValue("uid", uid).setCause(e).log("closed; the row is removed when it is missed");
        }
    }

    /** Writes what is left to write, for a second at most, and frees the threads. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (looking != null) {
                looking.cancel(false);
            }
        }
        rows.shutdown();
        try {
            if (!rows.awaitTermination(LAST_WORD_MILLIS, TimeUnit.MILLISECONDS)) {
                log.atInfo().log("the backend does not answer; the rows of changes are removed when they are missed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        rows.shutdownNow();
        stops.shutdown();
    }

    /** One change. Thread-safe. */
    public final class Run implements AutoCloseable {
        private final String uid;
        private final CompletableFuture<CancelOutcome> answer = new CompletableFuture<>();
        // Guarded by the monitor: why it shall stop, why it shall not act any more; whom that is told.
        private @Nullable String stop;
        private @Nullable String abandoned;
        private @Nullable RunControl control;

        private Run(String uid) {
            this.uid = uid;
        }

        /**
         * Says where the change is. Returns at once.
         *
         * @param name for people
         */
        public void phase(String name) {
            write("phase", uid, () -> store.phase(uid, name));
        }

        /**
         * Says who is told when the change shall not go on; at once, when that is so already.
         *
         * @param it told to stop once, on a thread of the registry
         */
        public synchronized void controlledBy(RunControl it) {
            control = it;
            if (stop != null) {
                tellStop(it, stop);
            }
            if (abandoned != null) {
                it.abandon(abandoned);
            }
        }

        private synchronized void stop(String why) {
            if (stop == null) {
                stop = why;
                if (control != null) {
                    tellStop(control, why);
                }
            }
        }

        private void tellStop(RunControl it, String why) {
            stops.execute(() -> it.stop(why, this::answered));
        }

        private synchronized void abandon(String why) {
            abandoned = why;
            if (control != null) {
                control.abandon(why);
            }
        }

        private void answered(CancelOutcome outcome) {
            if (answer.complete(outcome)) {
                write("answer", uid, () -> store.answer(uid, outcome));
            }
        }

        /** The change is over. Returns at once. Idempotent. */
        @Override
        public void close() {
            synchronized (this) {
                control = null;
            }
            answer.complete(CancelOutcome.ENDED);
            if (here.remove(uid, this)) {
                write("end", uid, () -> store.end(uid, self.token()));
                oneIsOver();
            }
        }
    }
}
