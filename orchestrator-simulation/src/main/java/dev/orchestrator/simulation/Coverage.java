package dev.orchestrator.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often each fault met each procedure before or after each of its effects. Not thread-safe; add up those of threads. */
public final class Coverage {
    private final TreeMap<String, Long> cells = new TreeMap<>();
    private final HashMap<Place, Long> places = new HashMap<>();

    /** Where a procedure comes to. */
    private record Place(String procedure, String effect, boolean before) {
        boolean isRest() {
            return effect.equals("Wake");
        }

        @Override
        public String toString() {
            return procedure + " | " + (before ? "before " : "after ") + effect;
        }
    }

    void count(Fault fault, String procedure, String effect, boolean before) {
        cells.merge(fault + " | " + new Place(procedure, effect, before), 1L, Long::sum);
    }

    /** A procedure has come to an effect, whatever goes wrong there. */
    void met(String procedure, String effect, boolean before) {
        places.merge(new Place(procedure, effect, before), 1L, Long::sum);
    }

    /**
     * What is still untried: each fault at each place that procedures came to often enough.
     *
     * @param often how often a place must have been come to
     * @return the empty cells
     */
    public List<String> empty(long often) {
        return places.entrySet().stream()
                .filter(p -> p.getValue() >= often && !p.getKey().isRest())
                .flatMap(p -> Fault.ALL.stream().map(f -> f + " | " + p.getKey()))
                .filter(cell -> !cells.containsKey(cell))
                .sorted()
                .toList();
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
        other.places.forEach((place, count) -> places.merge(place, count, Long::sum));
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
