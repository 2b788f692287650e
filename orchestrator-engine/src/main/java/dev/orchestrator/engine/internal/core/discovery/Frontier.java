package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The keys that are being followed, and those that were a moment ago: no key is followed twice at a time, and one that
 * led nowhere is tried again later and later. All times in nanoseconds of a monotonic clock. Not thread-safe.
 */
public final class Frontier {
    static final long KNOWN_SOON = Duration.ofSeconds(5).toNanos();
    static final long RETRY = Duration.ofSeconds(60).toNanos();
    private static final int MOST_DOUBLINGS = 4;
    static final long LONGEST_REST = RETRY << MOST_DOUBLINGS;

    private final Set<InstanceKey> underWay = new HashSet<>();
    private final Map<InstanceKey, Rest> resting = new HashMap<>();

    /** A key that is left alone for a while. */
    private record Rest(long until, int failures) {}

    /**
     * Begins to follow a key, unless it is under way or rests.
     *
     * @param key the key
     * @param now the present
     * @return whether to follow it; if so, {@link #end} is to be said
     */
    public boolean begin(InstanceKey key, long now) {
        Rest rest = resting.get(key);
        return (rest == null || rest.until - now <= 0) && underWay.add(key);
    }

    /**
     * Says that a key has been followed.
     *
     * @param key the key
     * @param failed whether it led nowhere
     * @param now the present
     */
    public void end(InstanceKey key, boolean failed, long now) {
        Rest last = resting.get(key);
        int failures = failed ? (last == null ? 0 : last.failures) + 1 : 0;
        long rest = failed ? RETRY << Math.min(failures - 1, MOST_DOUBLINGS) : KNOWN_SOON;
        resting.values().removeIf(r -> now - r.until > LONGEST_REST);
        resting.put(key, new Rest(now + rest, failures));
        underWay.remove(key);
    }

    /** Gives keys that led nowhere another chance at once. */
    public void startAfresh() {
        resting.clear();
    }

    /**
     * How many keys are being followed.
     *
     * @return the number, 0 when nothing new turns up any more
     */
    public int underWay() {
        return underWay.size();
    }
}
