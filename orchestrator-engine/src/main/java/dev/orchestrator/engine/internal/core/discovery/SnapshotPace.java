package dev.orchestrator.engine.internal.core.discovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the next snapshot of the fleet is to be made: soon, and so that the time spent on making snapshots stays a small
 * part of the whole. All times in nanoseconds of a monotonic clock. Not thread-safe.
 */
public final class SnapshotPace {
    static final long GATHER = Duration.ofMillis(15).toNanos();
    /** An ordinary snapshot waits this many times as long as one takes to make: 2 % of a core. */
    private static final long ORDINARY_SHARE = 50;

    static final long ORDINARY_LIMIT = Duration.ofMillis(300).toNanos();
    /** An urgent one: 20 % of a core, when everything is urgent. */
    private static final long URGENT_SHARE = 4;

    static final long URGENT_LIMIT = Duration.ofMillis(100).toNanos();

    private long lastMade;
    private long cost;
    /** When the next snapshot is to be made, null when none is planned. */
    private @Nullable Long planned;

    /**
     * Starts with nothing planned, and with leave to make one at once.
     *
     * @param now the present
     */
    public SnapshotPace(long now) {
        this.lastMade = now - GATHER;
    }

    /**
     * Whether a change that matters at once need not wait at all.
     *
     * @param now the present
     * @return true when enough time went by since the last snapshot
     */
    public boolean isFreeForUrgent(long now) {
        return earliest(true) - now <= 0;
    }

    /**
     * Plans a snapshot for a change that came in.
     *
     * @param urgent whether it matters at once
     * @param now the present
     * @return how long to wait for it; null when one is planned that is as early
     */
    public @Nullable Long plan(boolean urgent, long now) {
        long at = earliest(urgent);
        if (planned != null && planned - at <= 0) {
            return null;
        }
        planned = at;
        return Math.max(0, at - now);
    }

    private long earliest(boolean urgent) {
        long gap = urgent
                ? Math.min(URGENT_SHARE * cost, URGENT_LIMIT)
                : Math.min(Math.max(GATHER, ORDINARY_SHARE * cost), ORDINARY_LIMIT);
        return lastMade + gap;
    }

    /**
     * Whether a snapshot is planned that nobody has made meanwhile.
     *
     * @return false when there is nothing to do
     */
    public boolean isPlanned() {
        return planned != null;
    }

    /** Takes note that a snapshot of all that has come in is being made: what was planned is not needed any more. */
    public void begun() {
        planned = null;
    }

    /**
     * Takes note of what a snapshot cost.
     *
     * @param begun when its making began
     * @param ended when it had been made and told
     */
    public void made(long begun, long ended) {
        lastMade = ended;
        cost = (3 * cost + ended - begun) / 4;
    }
}
