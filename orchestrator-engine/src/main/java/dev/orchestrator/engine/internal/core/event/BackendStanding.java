package dev.orchestrator.engine.internal.core.event;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether the backend is lost, by what several parts of a node notice; so it is told once. What failed counts until it
 * works again: a backend on a full disk can be read and is lost all the same. But the heartbeat, which every node has, has
 * the last word on the return: who failed may have nothing to write any more. Not thread-safe.
 */
public final class BackendStanding {
    /** What failed and has not worked since. */
    private final Set<String> failing = new HashSet<>();

    private boolean silent;

    /**
     * Whether it is lost.
     *
     * @return true from the first failure of anybody until all works again, or the heartbeat returns
     */
    public boolean isLost() {
        return silent || !failing.isEmpty();
    }

    /**
     * Takes note of what did not work.
     *
     * @param attempt what was tried
     * @return whether all worked before
     */
    public boolean failed(String attempt) {
        boolean first = failing.isEmpty();
        return failing.add(attempt) && first;
    }

    /**
     * Takes note of what worked.
     *
     * @param attempt what was tried
     * @return whether it was the last that did not
     */
    public boolean worked(String attempt) {
        return failing.remove(attempt) && failing.isEmpty();
    }

    /**
     * Takes note of a heartbeat.
     *
     * @param answered whether it was answered
     * @return whether that is another answer than to the one before
     */
    public boolean heartbeat(boolean answered) {
        boolean noticed = silent == answered;
        silent = !answered;
        if (noticed && answered) {
            failing.clear();
        }
        return noticed;
    }
}
