package dev.orchestrator.bench.series;

import java.time.Duration;

/**
 * What a series of changes of leadership is made with.
 *
 * @param services how many services
 * @param ttl their lease
 * @param backend what they share
 * @param sigterm whether the leader is asked to end, not killed
 * @param withPrimary whether the primary of a watched topology is killed in the same instant
 */
record LeadershipSetup(int services, Duration ttl, SharedBackend.Kind backend, boolean sigterm, boolean withPrimary) {
    /** Within what another service must lead. */
    Duration limit() {
        if (sigterm) {
            return Duration.ofMillis(500);
        }
        // A second more than the lease; with a lease of a second, half a second more.
        return ttl.plus(ttl.compareTo(Duration.ofSeconds(1)) <= 0 ? Duration.ofMillis(500) : Duration.ofSeconds(1));
    }

    /** Within what the primary must be replaced. */
    Duration replacementLimit() {
        return ttl.plusMillis(1500);
    }
}
