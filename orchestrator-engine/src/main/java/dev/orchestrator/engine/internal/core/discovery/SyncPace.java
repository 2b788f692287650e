package dev.orchestrator.engine.internal.core.discovery;

import java.time.Duration;

/**
 * When others' doings are looked at. What is read of the operators' intent each second tells whether there are any; so
 * a fleet that stays as it is costs no statement for this, and others' doings are known within a second. Not thread-safe.
 */
public final class SyncPace {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = 60 * SECOND;

    private final long withoutMark;
    private String mark = "";
    private long last;

    /**
     * Starts.
     *
     * @param interval of polls, nanoseconds
     * @param now the ticker's
     */
    public SyncPace(long interval, long now) {
        // Before the block on a forgotten server, three intervals, is over.
        this.withoutMark = Math.min(interval * 3 / 4, 4 * SECOND);
        this.last = now;
    }

    /**
     * Whether to look now. If so, that is taken for done.
     *
     * @param seen the mark of who is stored, empty where there is none
     * @param now the ticker's
     * @return true at most once for each mark, but for the longest time without a look
     */
    public boolean isDue(String seen, long now) {
        boolean due = !seen.equals(mark) || now - last >= (seen.isEmpty() ? withoutMark : LONGEST);
        if (due) {
            mark = seen;
            last = now;
        }
        return due;
    }
}
