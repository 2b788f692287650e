package dev.orchestrator.simulation.node;

import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.simulation.world.EventQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A service's process: it runs, is paused (and later goes on as if no time had passed) or is gone for good. Its
 * monotonic clock may run too fast or too slow. Not thread-safe.
 */
public final class NodeProcess {
    private final String name;
    private final EventQueue events;
    private final List<Runnable> whilePaused = new ArrayList<>();
    private double rate = 1;
    private long ahead;
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
        return new Moment(events.instant().plusNanos(ahead), nanos());
    }

    /**
     * How fast its monotonic clock runs, said once, before anything happens in it.
     *
     * @param perSecond one for right
     */
    public void drift(double perSecond) {
        rate = perSecond;
    }

    /**
     * Its wall clock is set.
     *
     * @param by by how far, in nanoseconds
     */
    public void setClock(long by) {
        ahead += by;
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
        // Rounded up: its clock must have come as far as it asked for, or it would ask again without end.
        events.in((long) Math.ceil(delay.toNanos() / rate), () -> happen(what));
    }
}
