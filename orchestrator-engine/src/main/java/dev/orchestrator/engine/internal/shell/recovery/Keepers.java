package dev.orchestrator.engine.internal.shell.recovery;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The records of the latest recoveries of this process: several hands complete them after their end (the first write, the
 * former primary's return), and each must see what the others have written. Thread-safe.
 */
final class Keepers {
    private static final int KEPT = 100;

    // Guarded by the monitor.
    private final Map<String, RecordKeeper> latest = new LinkedHashMap<>();

    synchronized void add(RecordKeeper keeper) {
        latest.put(keeper.current().uid(), keeper);
        if (latest.size() > KEPT) {
            latest.remove(latest.keySet().iterator().next());
        }
    }

    synchronized Optional<RecordKeeper> find(String uid) {
        return Optional.ofNullable(latest.get(uid));
    }
}
