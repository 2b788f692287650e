package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.engine.internal.core.procedure.LivingEffect;
import dev.orchestrator.engine.internal.core.procedure.LivingState;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
public final class CoreLoop<S extends LivingState<S, V, F>, V, F extends LivingEffect> {
    private static final Logger log = LoggerFactory.getLogger(CoreLoop.class);

    private final Function<F, V> hands;
    private final Executor own;
    private final Executor others;
    private final Supplier<Moment> now;
    private final BlockingQueue<V> mailbox = new LinkedBlockingQueue<>();
    private final Object monitor = new Object();
    // Guarded by the monitor; written by the thread that drives.
    private S state;
    // Guarded by the monitor.
    private boolean driven;

    /**
     * A loop; idle until something is posted.
     *
     * @param begin the first state
     * @param hands carries out what is wanted, waits for its end, and says what came of it
     * @param own where it runs
     * @param others where that is carried out which may take long
     * @param now the present moment
     */
    public CoreLoop(S begin, Function<F, V> hands, Executor own, Executor others, Supplier<Moment> now) {
        this.state = begin;
        this.hands = hands;
        this.own = own;
        this.others = others;
        this.now = now;
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
            own.execute(this::drive);
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
        long end = now.get().nanos() + atMost.toNanos();
        try {
            synchronized (monitor) {
                while (!mailbox.isEmpty() || !condition.test(state)) {
                    long left = end - now.get().nanos();
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
        for (F effect : state().next()) {
            Duration wanted = effect.pause();
            if (wanted == null) {
                fold(state().begun(effect, now.get()));
                carryOut(effect);
                begun = true;
            } else if (pause == null || wanted.compareTo(pause) < 0) {
                pause = wanted;
            }
        }
        return begun || (pause == null ? !isOver() : rest(pause));
    }

    private void carryOut(F effect) {
        if (!effect.mayTakeLong()) {
            post(result(effect));
            return;
        }
        try {
            others.execute(() -> post(result(effect)));
        } catch (RejectedExecutionException e) {
            post(state().failed(effect, "closing", now.get()));
        }
    }

    private V result(F effect) {
        try {
            return hands.apply(effect);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("effect", effect).setCause(e).log("something that is wanted failed unexpectedly");
            return state().failed(effect, e.toString(), now.get());
        }
    }

    private void fold(V event) {
        S next;
        try {
            next = state().fold(event);
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
            fold(event == null ? state().woke(now.get()) : event);
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
