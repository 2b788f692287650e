package dev.orchestrator.engine.internal.core.lock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of locks that were taken. Held is what is certain: until the last successful extension, counted from when
 * it was begun, runs out by the monotonic clock. A value.
 *
 * @param servers how many servers are locked
 * @param ttl for how long the backend grants it each time
 * @param certainUntil the ticker's reading at which it may have run out
 * @param ended why it is held no more, null as long as nothing but time can end it
 */
public record Hold(
        int servers,
        Duration ttl,
        long certainUntil,
        @Nullable String ended) {
    /**
     * Locks that were granted.
     *
     * @param servers how many servers are locked
     * @param ttl for how long the backend grants it each time
     * @param askedNanos the ticker's reading when they were asked for
     * @return the hold
     */
    public static Hold granted(int servers, Duration ttl, long askedNanos) {
        return new Hold(servers, ttl, askedNanos + certainty(ttl), null);
    }

    /** A tenth is kept off the end: our clock and the backend's need not run alike. */
    private static long certainty(Duration ttl) {
        return ttl.minus(ttl.dividedBy(10)).toNanos();
    }

    /**
     * How often it is extended.
     *
     * @param ttl for how long the backend grants it each time
     * @return the time between two extensions
     */
    public static Duration beat(Duration ttl) {
        return ttl.dividedBy(3);
    }

    /**
     * The backend answered that it was extended. Nothing, when it was given up or lost meanwhile.
     *
     * @param extended for how many of the servers
     * @param askedNanos the ticker's reading when that was asked for
     * @return the hold after that
     */
    public Hold extended(int extended, long askedNanos) {
        if (ended != null) {
            return this;
        }
        return extended < servers
                ? new Hold(servers, ttl, certainUntil, "it was ended by somebody, or ran out")
                : granted(servers, ttl, askedNanos);
    }

    /**
     * It is given up.
     *
     * @return the hold after that
     */
    public Hold givenUp() {
        return new Hold(servers, ttl, certainUntil, "it was given up");
    }

    /**
     * Why it is not held.
     *
     * @param nanos the ticker's reading
     * @return null when it certainly is
     */
    public @Nullable String whyNot(long nanos) {
        if (ended != null) {
            return ended;
        }
        return nanos - certainUntil < 0 ? null : "it could not be extended for " + ttl.toMillis() + " ms";
    }

    /**
     * How much longer it is certainly held.
     *
     * @param nanos the ticker's reading
     * @return zero when it is not
     */
    public Duration certainFor(long nanos) {
        return whyNot(nanos) == null ? Duration.ofNanos(certainUntil - nanos) : Duration.ZERO;
    }
}
