package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import java.time.Duration;
import java.time.Instant;

/** How soon a server is polled first. */
public final class FirstPoll {
    private static final Duration SOON = Duration.ofMillis(500);

    private FirstPoll() {}

    /**
     * When polling begins with a stored fleet: sources first, above all those that did not answer; the others each at its
     * turn.
     *
     * @param fleet the fleet
     * @param member one of it
     * @param interval between two polls of a server
     * @return nanoseconds within which it is to be polled, 0 for at once
     */
    public static long ofStored(Fleet fleet, FleetMember member, Duration interval) {
        if (!SentinelChoice.isSource(fleet, member.key())) {
            return interval.toNanos();
        }
        return member.isReachable() ? Math.min(interval.toNanos(), SOON.toNanos()) : 0;
    }

    /**
     * When a server joins.
     *
     * @param member the server
     * @param interval between two polls of a server
     * @param now the present
     * @return nanoseconds within which it is to be polled: at once, unless it was polled less than an interval ago
     */
    public static long ofNew(FleetMember member, Duration interval, Instant now) {
        Instant last = member.lastAttempt();
        return last != null && last.plus(interval).isAfter(now) ? interval.toNanos() : 0;
    }
}
