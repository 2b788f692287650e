package dev.orchestrator.engine.internal.core.intent;

import java.time.Duration;

/** Durations as the audit trail writes them. */
public final class Spans {
    private Spans() {}

    /**
     * Writes a duration with its largest fitting unit.
     *
     * @param duration what to write; below a second in milliseconds
     * @return such as {@code 250ms}, {@code 90s}, {@code 10m}
     */
    public static String text(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds == 0) {
            return duration.toMillis() + "ms";
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
