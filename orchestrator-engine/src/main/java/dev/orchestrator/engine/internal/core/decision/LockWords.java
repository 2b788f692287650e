package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.LockInfo;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** What is said of locks to people. */
public final class LockWords {
    private static final int SHOWN = 200;

    private LockWords() {}

    /**
     * Why locks cannot be had.
     *
     * @param blockers the locks in the way
     * @return who holds them, and what can be done
     */
    public static String refusal(List<LockInfo> blockers) {
        return blockers.stream().map(LockWords::describe).collect(Collectors.joining("; "))
                + "; nothing was changed. Wait for it, or end the maintenance of the instance";
    }

    /**
     * A lock in words.
     *
     * @param lock the lock
     * @return holder, age and reason, in one line of bounded length
     */
    public static String describe(LockInfo lock) {
        String how = lock.isByHand() ? " is in maintenance by " : " is being changed by ";
        return lock.instance() + (lock.shared() ? " serves as a source, locked by " : how)
                + shortened(lock.owner().toString()) + " for " + age(lock.age()) + ": " + shortened(lock.reason());
    }

    /** One line, and not the whole of it when it is long: it goes into messages and logs. */
    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        if (line.isEmpty()) {
            return "no reason given";
        }
        return line.codePointCount(0, line.length()) <= SHOWN
                ? line
                : line.substring(0, line.offsetByCodePoints(0, SHOWN)) + "…";
    }

    /**
     * A time in its largest fitting unit.
     *
     * @param age the time
     * @return such as {@code 90 s} or {@code 3 h}
     */
    public static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }
}
