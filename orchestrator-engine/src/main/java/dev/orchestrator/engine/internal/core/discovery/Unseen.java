package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may count as not seen for long. The backend tells it by its clock, which may have been set forward by more than
 * that; then all stored stamps look old, those of servers that answer every few seconds too.
 */
public final class Unseen {
    private Unseen() {}

    /**
     * The servers that the leader itself does not know to be unseen for so long: those it saw, by the clock it stamps by, and
     * those it has not polled yet.
     *
     * @param fleet the fleet as the leader knows it
     * @param since when it began to lead
     * @param now the present, by the clock that readings are stamped by
     * @param unseenFor how long is long
     * @return the keys of those that must not be removed
     */
    public static Set<InstanceKey> spared(Fleet fleet, Instant since, Instant now, Duration unseenFor) {
        Instant limit = now.minus(unseenFor);
        return fleet.members().stream()
                .filter(m -> !isPolled(m, since) || isSeen(m, limit))
                .map(FleetMember::key)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isPolled(FleetMember member, Instant since) {
        return member.lastAttempt() != null && member.lastAttempt().isAfter(since);
    }

    private static boolean isSeen(FleetMember member, Instant limit) {
        return member.lastSeen() != null && !member.lastSeen().isBefore(limit);
    }
}
