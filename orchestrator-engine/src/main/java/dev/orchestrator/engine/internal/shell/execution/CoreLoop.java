package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives a state machine of the core that lives as long as what it watches over: folds what happened, has what it wants
 * carried out, and holds a thread only while something is to be done or a pause is kept. Whoever posts never waits.
 * Thread-safe.
 *
 * @param <S> its state
 * @param <V> what happens to it
 * @param <F> what it wants
 */
public final class CoreLoop<S, V, F> {
    private static final Logger log = LoggerFactory.getLogger(CoreLoop.class);

    private final Core<S, V, F> core;
    private final Executor threads;
    private final Ticker ticker;
    private final BlockingQueue<V> mailbox = new LinkedBlockingQueue<>();
    private final Object monitor = new Object();
    // Guarded by the monitor; written by the thread that drives.
    private S state;
    // Guarded by the monitor.
    private boolean driven;

    /**
     * A state machine, and how what it wants is carried out.
     *
     * @param <S> its state
     * @param <V> what happens to it
     * @param <F> what it wants
     */
    public interface Core<S, V, F> {
        /**
         * The next state.
         *
         * @param state the present one
         * @param event what happened
         * @return the state after it
         */
        S fold(S state, V event);

        /**
         * What is wanted now.
         *
         * @param state what is known
         * @return effects, to be carried out side by side
         */
        List<F> next(S state);

        /**
         * How long a wanted pause is.
         *
         * @param effect what is wanted
         * @return null when it is not a pause but something to be carried out
         */
        @Nullable
        Duration pause(F effect);

        /**
         * The event that time has gone by.
         *
         * @return the event
         */
        V woke();

        /**
         * The event that something is on its way. Folded before it is carried out.
         *
         * @param effect what is wanted
         * @return the event
         */
        V begun(F effect);

        /**
         * Begins to carry out what is wanted, without waiting for its end, which is posted.
         *
         * @param effect what is wanted
         */
        void carryOut(F effect);
    }

    /**
     * A loop; idle until something is posted.
     *
     * @param core the state machine
     * @param begin its first state
     * @param threads where it runs
     * @param ticker monotonic time
     */
    public CoreLoop(Core<S, V, F> core, S begin, Executor threads, Ticker ticker) {
        this.core = core;
        this.state = begin;
        this.threads = threads;
        this.ticker = ticker;
    }

    /**
     * The present state.
     *
     * @return as it was after the last turn
     */
    public S state() {
        synchronized (monitor) {
            return state;
        }
    }

    /**
     * Tells it that something happened.
     *
     * @param event what
     */
    public void post(V event) {
        mailbox.add(event);
        synchronized (monitor) {
            if (driven) {
                return;
            }
            driven = true;
        }
        try {
            threads.execute(this::drive);
        } catch (RejectedExecutionException e) {
            synchronized (monitor) {
                driven = false;
                mailbox.remove(event);
            }
            log.atDebug().addKeyValue("event", event).log("closing: nothing is done about this any more");
        }
    }

    /**
     * Waits until all that was posted is folded and the state is such.
     *
     * @param condition what is waited for
     * @param atMost how long
     * @return whether it came to be
     */
    public boolean await(Predicate<S> condition, Duration atMost) {
        long end = ticker.nanos() + atMost.toNanos();
        try {
            synchronized (monitor) {
                while (!mailbox.isEmpty() || !condition.test(state)) {
                    long left = end - ticker.nanos();
                    if (left <= 0) {
                        return false;
                    }
                    TimeUnit.NANOSECONDS.timedWait(monitor, left);
                }
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void drive() {
        try {
            while (turn()) {
                // One turn after the other, until nothing is wanted.
            }
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a state machine failed; it goes on with what happens next");
            synchronized (monitor) {
                driven = false;
            }
        }
    }

    /** Folds what has happened and begins what is wanted then; false when the thread is not needed any more. */
    private boolean turn() {
        V event = mailbox.poll();
        while (event != null) {
            fold(event);
            event = mailbox.poll();
        }
        Duration pause = null;
        boolean begun = false;
        for (F effect : core.next(state())) {
            Duration wanted = core.pause(effect);
            if (wanted == null) {
                fold(core.begun(effect));
                core.carryOut(effect);
                begun = true;
            } else if (pause == null || wanted.compareTo(pause) < 0) {
                pause = wanted;
            }
        }
        return begun || (pause == null ? !isOver() : rest(pause));
    }

    private void fold(V event) {
        S next;
        try {
            next = core.fold(state(), event);
        } catch (RuntimeException e) {
            // One event that cannot be understood must not hold up the others.
            log.atError()
                    .addKeyValue("event", event)
                    .setCause(e)
                    .log("an event changes nothing, as it cannot be folded");
            return;
        }
        synchronized (monitor) {
            state = next;
            monitor.notifyAll();
        }
    }

    private boolean isOver() {
        synchronized (monitor) {
            driven = !mailbox.isEmpty();
            monitor.notifyAll();
            return !driven;
        }
    }

    private boolean rest(Duration pause) {
        try {
            V event = mailbox.poll(Math.max(1, pause.toNanos()), TimeUnit.NANOSECONDS);
            fold(event == null ? core.woke() : event);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            synchronized (monitor) {
                driven = false;
            }
            return false;
        }
    }
}
