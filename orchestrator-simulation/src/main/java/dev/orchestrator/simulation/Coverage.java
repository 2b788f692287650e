package dev.orchestrator.simulation;

import java.util.SortedMap;
import java.util.TreeMap;

/** How often each fault met each procedure before or after each of its effects. Not thread-safe; add up those of threads. */
public final class Coverage {
    private final TreeMap<String, Long> cells = new TreeMap<>();

    void count(Fault fault, String procedure, String effect, boolean before) {
        cells.merge(fault + " | " + procedure + " | " + (before ? "before " : "after ") + effect, 1L, Long::sum);
    }

    void count(Fault fault) {
        cells.merge(fault + " | at any time", 1L, Long::sum);
    }

    /**
     * Adds another thread's counts.
     *
     * @param other its counts
     */
    public void add(Coverage other) {
        other.cells.forEach((cell, count) -> cells.merge(cell, count, Long::sum));
    }

    /**
     * The counts.
     *
     * @return by cell
     */
    public SortedMap<String, Long> cells() {
        return new TreeMap<>(cells);
    }
}
