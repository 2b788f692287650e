package dev.orchestrator.jooq.internal.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as the backend stores them: microseconds since 1970 in UTC, durations in microseconds. */
final class Micros {
    /** Far beyond any sensible request, and small enough to be added to any time. */
    private static final Duration LONGEST = Duration.ofDays(365_000);

    private Micros() {}

    static @Nullable Long of(@Nullable Instant at) {
        return at == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    static long at(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    static @Nullable Instant instant(@Nullable Long micros) {
        return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** A span of time from now on: a negative one counts as none, an endless one as a thousand years. */
    static long span(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        Duration cut = duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
        return cut.toSeconds() * 1_000_000 + cut.getNano() / 1000;
    }

    static Duration duration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
