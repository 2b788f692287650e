package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Readings that say they were begun at a time to come: the backend's clock was set back since, the backend moved to a host
 * whose clock is behind, or a node was mistaken. They were made, but nobody knows when: they are older than any made now.
 */
public final class TimeToCome {
    /** What two nodes may know the backend's clock differently by. */
    public static final Duration TOLERATED = Duration.ofSeconds(1);

    private TimeToCome() {}

    /**
     * Whether a stamp cannot be true.
     *
     * @param stamp when a reading is said to have been begun, null for never
     * @param now the present
     * @return true when it is later than the present, by more than nodes differ
     */
    public static boolean holds(@Nullable Instant stamp, Instant now) {
        return stamp != null && stamp.isAfter(now.plus(TOLERATED));
    }

    /**
     * The members whose readings are of a time to come, set back to the present: their ages are told and compared. All are
     * set back by the same span, so who was read before whom stays as it was.
     *
     * @param members servers as they are stored
     * @param now the present
     * @return those that had to be set back
     */
    static List<FleetMember> setBack(Collection<FleetMember> members, Instant now) {
        List<FleetMember> toCome =
                members.stream().filter(m -> holds(m.lastAttempt(), now)).toList();
        Duration span = toCome.stream()
                .map(FleetMember::lastAttempt)
                .max(Comparator.naturalOrder())
                .map(latest -> Duration.between(now, latest))
                .orElse(Duration.ZERO);
        return toCome.stream().map(m -> setBack(m, span)).toList();
    }

    private static FleetMember setBack(FleetMember member, Duration span) {
        return new FleetMember(
                member.key(),
                member.cluster(),
                member.facts().map(f -> setBack(f, span)).orElse(null),
                setBack(member.lastSeen(), span),
                setBack(member.lastAttempt(), span),
                member.failure(),
                setBack(member.failingSince(), span),
                member.latency(),
                setBack(member.lastAnswer(), span));
    }

    private static Instance setBack(Instance facts, Duration span) {
        if (facts.channels().stream().allMatch(c -> c.connectedUntil() == null)) {
            return facts;
        }
        List<ReplicationChannel> channels = facts.channels().stream()
                .map(c -> c.toBuilder()
                        .connectedUntil(setBack(c.connectedUntil(), span))
                        .build())
                .toList();
        return facts.toBuilder().channels(channels).build();
    }

    private static @Nullable Instant setBack(@Nullable Instant stamp, Duration span) {
        return stamp == null ? null : stamp.minus(span);
    }
}
