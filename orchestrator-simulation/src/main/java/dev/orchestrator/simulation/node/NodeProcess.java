package dev.orchestrator.simulation.node;

import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.simulation.world.EventQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A service's process: it runs, is paused (and later goes on as if no time had passed) or is gone for good. Its clock of
 * the day may be wrong, its monotonic clock may run too fast or too slow. Not thread-safe.
 */
public final class NodeProcess {
    private final String name;
    private final EventQueue events;
    private final List<Runnable> whilePaused = new ArrayList<>();
    private double rate = 1;
    private Duration wrong = Duration.ZERO;
    private boolean paused;
    private boolean gone;

    /**
     * A process that runs.
     *
     * @param name its host
     * @param events time
     */
    public NodeProcess(String name, EventQueue events) {
        this.name = name;
        this.events = events;
    }

    /**
     * Its host.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Its monotonic clock.
     *
     * @return in nanoseconds
     */
    public long nanos() {
        return (long) (events.now() * rate);
    }

    /**
     * Both its clocks.
     *
     * @return the present as it knows it
     */
    public Moment now() {
        return new Moment(events.instant().plus(wrong), nanos());
    }

    /**
     * True time of a reading of its monotonic clock.
     *
     * @param nanos the reading
     * @return in nanoseconds since the world began
     */
    public long trueTime(long nanos) {
        return (long) (nanos / rate);
    }

    /**
     * Its clocks are wrong from now on.
     *
     * @param error how far its clock of the day is off
     */
    public void jump(Duration error) {
        wrong = error;
    }

    /**
     * How fast its monotonic clock runs, from the world's beginning on.
     *
     * @param perSecond one for right
     */
    public void drift(double perSecond) {
        rate = perSecond;
    }

    /**
     * Whether it is alive, paused or not.
     *
     * @return false when it is gone
     */
    public boolean isAlive() {
        return !gone;
    }

    /**
     * Whether it does anything at present.
     *
     * @return false while it is paused, and when it is gone
     */
    public boolean runs() {
        return !gone && !paused;
    }

    /** It stands still. */
    public void pause() {
        paused = true;
    }

    /** It goes on. */
    public void goOn() {
        if (paused) {
            paused = false;
            List<Runnable> late = List.copyOf(whilePaused);
            whilePaused.clear();
            late.forEach(this::happen);
        }
    }

    /** It ends without a word. */
    public void kill() {
        gone = true;
        whilePaused.clear();
    }

    /**
     * Something happens in it: now, when it goes on, or never.
     *
     * @param what what happens
     */
    public void happen(Runnable what) {
        if (gone) {
            return;
        }
        if (paused) {
            whilePaused.add(what);
        } else {
            what.run();
        }
    }

    /**
     * Something happens in it later.
     *
     * @param delay by its own clock
     * @param what what happens
     */
    public void in(Duration delay, Runnable what) {
        events.in((long) (delay.toNanos() / rate), () -> happen(what));
    }
}
