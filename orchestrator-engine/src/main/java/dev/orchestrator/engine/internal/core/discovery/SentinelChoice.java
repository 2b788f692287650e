package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which servers are to have a sentinel: every reachable one that others replicate from; primaries before others. */
public final class SentinelChoice {
    private SentinelChoice() {}

    /**
     * Whether a server is to have one.
     *
     * @param fleet the fleet
     * @param key the server
     * @param brokenAt when its last one broke, null when none did; there is no other before it was seen after that
     * @return true when it is reachable and others replicate from it
     */
    public static boolean isWanted(Fleet fleet, InstanceKey key, @Nullable Instant brokenAt) {
        FleetMember member = fleet.member(key).orElse(null);
        return member != null
                && member.key().equals(key)
                && member.isReachable()
                && !isBroken(member, brokenAt)
                && isSource(fleet, key);
    }

    private static boolean isBroken(FleetMember member, @Nullable Instant brokenAt) {
        return brokenAt != null
                && member.lastSeen() != null
                && !member.lastSeen().isAfter(brokenAt);
    }

    /**
     * Whether another server replicates from one.
     *
     * @param fleet the fleet
     * @param key the server
     * @return false for one that replicates only from itself
     */
    public static boolean isSource(Fleet fleet, InstanceKey key) {
        return fleet.replicasOf(key).stream().anyMatch(r -> !r.key().equals(key));
    }

    /**
     * Whose sentinel takes the place of whose, when there are as many as may be.
     *
     * @param fleet the fleet
     * @param key the server that is to have one
     * @param held those that have one
     * @return one that is no primary, for a primary; otherwise nobody gives way
     */
    public static Optional<InstanceKey> givesWay(Fleet fleet, InstanceKey key, Collection<InstanceKey> held) {
        return isPrimary(fleet, key)
                ? held.stream().filter(k -> !isPrimary(fleet, k)).findFirst()
                : Optional.empty();
    }

    private static boolean isPrimary(Fleet fleet, InstanceKey key) {
        return fleet.member(key)
                .flatMap(m -> fleet.cluster(m.cluster()))
                .map(c -> key.equals(c.primary()))
                .orElse(false);
    }

    /**
     * The servers for which the answer may be another one after a change: whether a server is a source is said by others.
     *
     * @param change the change
     * @return those that were touched, and all of their clusters
     */
    public static Set<InstanceKey> concerned(FleetChange change) {
        Set<InstanceKey> keys = new HashSet<>(change.before().keySet());
        for (ClusterId cluster : change.touched()) {
            change.fleet().membersOf(cluster).forEach(m -> keys.add(m.key()));
        }
        return keys;
    }
}
