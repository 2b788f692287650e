package dev.orchestrator.engine.internal.core.backlog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that wait, in order. A newer state of a row that waits takes its place; beyond a bound the oldest are dropped and
 * counted. Not thread-safe.
 *
 * @param <K> which row it is
 * @param <V> a state of it
 */
public final class Backlog<K, V> {
    private final int capacity;
    private final Map<K, V> waiting = new LinkedHashMap<>();
    private long dropped;

    /**
     * An empty one.
     *
     * @param capacity how many may wait
     */
    public Backlog(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Takes a row.
     *
     * @param key which row
     * @param row its state
     */
    public void put(K key, V row) {
        if (waiting.size() >= capacity && !waiting.containsKey(key)) {
            waiting.remove(waiting.keySet().iterator().next());
            dropped++;
        }
        waiting.put(key, row);
    }

    /**
     * The rows whose turn it is. They keep their place until they are {@link #written}.
     *
     * @param most how many
     * @return they, the oldest first
     */
    public List<Map.Entry<K, V>> next(int most) {
        return waiting.entrySet().stream()
                .limit(most)
                .map(e -> Map.entry(e.getKey(), e.getValue()))
                .toList();
    }

    /**
     * Takes note that rows were written. What has a newer state by now is to be written again.
     *
     * @param batch the rows as they were
     */
    public void written(List<Map.Entry<K, V>> batch) {
        batch.forEach(e -> waiting.remove(e.getKey(), e.getValue()));
    }

    /**
     * How many rows wait.
     *
     * @return the number
     */
    public int size() {
        return waiting.size();
    }

    /**
     * How many rows were dropped.
     *
     * @return the number since the start
     */
    public long dropped() {
        return dropped;
    }
}
