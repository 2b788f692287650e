package dev.orchestrator.simulation.server;

import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.util.ArrayList;
import java.util.List;

/** The process of a server: whether it runs, since when, and what waits for it while it is frozen. */
final class ServerProcess {
    private final List<Runnable> inbox = new ArrayList<>();
    private Running state = Running.UP;
    private long startedAt;
    private long endedAt;
    private int ends;
    private boolean frozenOnce;

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

    /** Something is handled at once, when it is thawed, or never; refused at once when it is down. */
    void arrive(Runnable handled, Runnable refused) {
        switch (state) {
            case UP -> handled.run();
            case FROZEN -> inbox.add(handled);
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
        List<Runnable> waiting = List.copyOf(inbox);
        inbox.clear();
        return waiting;
    }

    void end(long now) {
        state = Running.DOWN;
        endedAt = now;
        ends++;
        inbox.clear();
    }

    void start(long now) {
        state = Running.UP;
        startedAt = now;
    }
}
