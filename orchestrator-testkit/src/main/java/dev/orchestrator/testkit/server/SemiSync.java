package dev.orchestrator.testkit.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Semi-synchronous replication, always with the wait point AFTER_SYNC: a commit is visible only once it is acknowledged.
 *
 * @param acks how many replicas must acknowledge a commit; MariaDB knows only 1
 * @param timeout how long the primary waits before it goes on without; whole milliseconds
 */
public record SemiSync(int acks, Duration timeout) {
    /** Checks the numbers. */
    public SemiSync {
        requireNonNull(timeout, "timeout");
        if (acks < 1) {
            throw new IllegalArgumentException("semi-sync needs at least 1 acknowledgement, not " + acks);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("semi-sync needs a positive timeout, not " + timeout);
        }
    }

    /** One acknowledgement and a timeout of a day: never falls back to asynchronous while a test runs. */
    public static SemiSync lossless() {
        return new SemiSync(1, Duration.ofDays(1));
    }
}
