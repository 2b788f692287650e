package dev.orchestrator.simulation.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;

/**
 * Virtual time and everything that is going to happen: clock, network and executor of a world in one queue. What is due at
 * the same moment happens in the order in which it was planned, so a world is the same each time. Not thread-safe.
 */
public final class EventQueue {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Planned> queue = new PriorityQueue<>(EventQueue::compare);
    // What happens without delay, in order: a good part of all, and it need not be sorted in.
    private final ArrayDeque<Planned> atOnce = new ArrayDeque<>();
    private long now = 1;
    private long order;

    /** Something that is going to happen, unless it is cancelled. */
    public static final class Planned {
        private final long due;
        private final long order;
        private Runnable action;

        private Planned(long due, long order, Runnable action) {
            this.due = due;
            this.order = order;
            this.action = action;
        }

        /** It does not happen. */
        public void cancel() {
            action = () -> {};
        }
    }

    private static int compare(Planned one, Planned other) {
        return one.due != other.due ? Long.compare(one.due, other.due) : Long.compare(one.order, other.order);
    }

    /**
     * True time.
     *
     * @return in nanoseconds since the world began
     */
    public long now() {
        return now;
    }

    /**
     * True time as a date.
     *
     * @return the present
     */
    public Instant instant() {
        return ORIGIN.plusNanos(now);
    }

    /**
     * A date.
     *
     * @param nanos since the world began
     * @return as a clock shows it that was never set
     */
    public static Instant at(long nanos) {
        return ORIGIN.plusNanos(nanos);
    }

    /**
     * Plans something.
     *
     * @param delay how long from now, in nanoseconds; negative counts as zero
     * @param action what happens
     * @return to cancel it by
     */
    public Planned in(long delay, Runnable action) {
        Planned planned = new Planned(now + Math.max(0, delay), order++, action);
        if (delay <= 0) {
            atOnce.add(planned);
        } else {
            queue.add(planned);
        }
        return planned;
    }

    /**
     * Plans something.
     *
     * @param delay how long from now
     * @param action what happens
     * @return to cancel it by
     */
    public Planned in(Duration delay, Runnable action) {
        return in(delay.toNanos(), action);
    }

    /**
     * Has the next thing happen.
     *
     * @param until nothing that is due later happens; time does not pass beyond it
     * @return false when nothing was due
     */
    public boolean step(long until) {
        Planned later = queue.peek();
        Planned soon = atOnce.peek();
        boolean first = soon != null && (later == null || compare(soon, later) < 0);
        Planned next = first ? soon : later;
        if (next == null || next.due > until) {
            now = Math.max(now, until);
            return false;
        }
        (first ? atOnce : queue).remove();
        now = Math.max(now, next.due);
        next.action.run();
        return true;
    }
}
