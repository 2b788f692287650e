package dev.orchestrator.standalone.text;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Times as the predecessor writes them: {@code YYYY-MM-DD hh:mm:ss}, in UTC on every backend. */
public final class Timestamps {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /**
     * Writes a time.
     *
     * @param instant the time, null for none
     * @return to the second; empty for none
     */
    public static String utc(@Nullable Instant instant) {
        return instant == null ? "" : SECONDS.format(instant);
    }

    /**
     * Writes the time of day, for lists of what happened.
     *
     * @param instant the time
     * @return to the millisecond
     */
    public static String millis(Instant instant) {
        return MILLIS.format(instant);
    }
}
