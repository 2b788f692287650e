package dev.orchestrator.simulation.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ways between hosts. What is sent over a way that is cut is not lost but held, as TCP holds it, and arrives when the
 * way is mended, unless the connection was given up meanwhile. What goes the same way over the same connection stays in
 * order. Not thread-safe.
 */
public final class Network {
    private static final Duration USUAL = Duration.ofNanos(300_000);
    private static final Duration WORST = Duration.ofMillis(20);
    private static final Duration SLOW = Duration.ofMillis(700);

    private final EventQueue events;
    private final Dice dice;
    private final Map<Way, State> states = new HashMap<>();
    private final Map<Way, List<Runnable>> held = new HashMap<>();

    private final Set<Way> disturbed = new HashSet<>();

    private record Way(String from, String to) {}

    /** What a way is like; one that was never set is open. */
    public enum State {
        /** As usual. */
        OPEN,
        /** Nothing arrives. */
        CUT,
        /** Nothing arrives, and what is sent is lost for good, with the connection that it was sent over. */
        LOST,
        /** Everything takes most of a second longer. */
        SLOW
    }

    /**
     * A network of open ways.
     *
     * @param events time
     * @param dice chance
     */
    public Network(EventQueue events, Dice dice) {
        this.events = events;
        this.dice = dice;
    }

    /**
     * Sets one direction.
     *
     * @param from sender
     * @param to receiver
     * @param state what it is like from now on
     */
    public void set(String from, String to, State state) {
        Way way = new Way(from, to);
        states.put(way, state);
        if (state != State.OPEN) {
            disturbed.add(way);
        }
        if (state != State.CUT) {
            List<Runnable> waiting = held.remove(way);
            if (waiting != null) {
                waiting.forEach(arrival -> events.in(latency(way), arrival));
            }
        }
    }

    /**
     * Whether nothing arrives.
     *
     * @param from sender
     * @param to receiver
     * @return true when nothing arrives
     */
    public boolean isCut(String from, String to) {
        State state = state(new Way(from, to));
        return state == State.CUT || state == State.LOST;
    }

    /**
     * Whether a way was ever cut or slow.
     *
     * @param from sender
     * @param to receiver
     * @return true also when it is mended
     */
    public boolean wasDisturbed(String from, String to) {
        return disturbed.contains(new Way(from, to));
    }

    /** Mends all ways. */
    public void mend() {
        List.copyOf(states.keySet()).forEach(w -> set(w.from, w.to, State.OPEN));
    }

    /**
     * Sends something.
     *
     * @param from sender
     * @param to receiver
     * @param arrival happens when it arrives
     */
    public void send(String from, String to, Runnable arrival) {
        Way way = new Way(from, to);
        if (state(way) == State.CUT) {
            held.computeIfAbsent(way, w -> new ArrayList<>()).add(arrival);
        } else if (state(way) != State.LOST) {
            events.in(latency(way), () -> arrive(way, arrival));
        }
    }

    /** It may have been cut while it was under way. */
    private void arrive(Way way, Runnable arrival) {
        if (state(way) == State.CUT) {
            held.computeIfAbsent(way, w -> new ArrayList<>()).add(arrival);
        } else if (state(way) != State.LOST) {
            arrival.run();
        }
    }

    private State state(Way way) {
        return states.isEmpty() ? State.OPEN : states.getOrDefault(way, State.OPEN);
    }

    private long latency(Way way) {
        long usual = dice.quick(USUAL, WORST);
        return state(way) == State.SLOW ? usual + SLOW.toNanos() : usual;
    }
}
