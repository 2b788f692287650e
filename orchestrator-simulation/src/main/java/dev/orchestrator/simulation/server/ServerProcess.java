package dev.orchestrator.simulation.server;

import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The process of a server: whether it runs, since when, and what waits for it while it is frozen. */
final class ServerProcess {
    private final List<Waiting> inbox = new ArrayList<>();
    private Running state = Running.UP;
    private long startedAt;
    private long endedAt;
    private int ends;
    private boolean frozenOnce;

    /** Something that arrived while it was frozen. */
    private record Waiting(Runnable handled, Runnable refused) {}

    Running state() {
        return state;
    }

    boolean is(Running wanted) {
        return state == wanted;
    }

    /** When it started last, in nanoseconds of true time. */
    long startedAt() {
        return startedAt;
    }

    /** When it ended last, in nanoseconds of true time. */
    long endedAt() {
        return endedAt;
    }

    /** How often it has ended. */
    int ends() {
        return ends;
    }

    /** Something is handled at once or when it is thawed; refused at once when it is down, or when it ends. */
    void arrive(Runnable handled, Runnable refused) {
        switch (state) {
            case UP -> handled.run();
            case FROZEN -> inbox.add(new Waiting(handled, refused));
            case DOWN -> refused.run();
        }
    }

    void freeze() {
        state = Running.FROZEN;
        frozenOnce = true;
    }

    /** Whether it was frozen once. */
    boolean wasFrozen() {
        return frozenOnce;
    }

    /** Goes on; answers what has arrived meanwhile. */
    List<Runnable> thaw() {
        state = Running.UP;
        return taken(Waiting::handled);
    }

    private List<Runnable> taken(Function<Waiting, Runnable> what) {
        List<Runnable> waiting = inbox.stream().map(what).toList();
        inbox.clear();
        return waiting;
    }

    /** Ends; connections in which something waits break. */
    List<Runnable> end(long now) {
        state = Running.DOWN;
        endedAt = now;
        ends++;
        return taken(Waiting::refused);
    }

    void start(long now) {
        state = Running.UP;
        startedAt = now;
    }
}
