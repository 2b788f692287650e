package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which transactions of a replica came from its primary, and which it has of its own. What began at the primary, at a
 * server above it, or at one that was primary before it, came from there, even if it is younger than the last reading;
 * anything else must have been seen there.
 */
public final class GtidProvenance {
    private final Fleet fleet;
    private final Optional<Instance> primary;
    private final Set<String> origins = new HashSet<>();
    private GtidSet seen = GtidSet.empty();

    /**
     * The lineage of a primary.
     *
     * @param fleet the snapshot
     * @param primary the primary, dead or alive
     */
    public GtidProvenance(Fleet fleet, InstanceKey primary) {
        this(fleet, primary, List.of());
    }

    /**
     * The lineage of a primary that had taken over from others.
     *
     * @param fleet the snapshot
     * @param primary the primary, dead or alive
     * @param formers who was primary before it
     */
    public GtidProvenance(Fleet fleet, InstanceKey primary, Collection<InstanceKey> formers) {
        this.fleet = fleet;
        this.primary = fleet.instance(primary);
        descend(primary);
        formers.forEach(this::descend);
        origins.remove("");
    }

    /**
     * The lineage of what is left after a primary and those who took over from it: the last of them stands in the place of
     * the ones before, and what it wrote is no errant transaction.
     *
     * @param fleet the snapshot
     * @param failed the primary, dead or alive
     * @param fallen who took over from it and died, in order
     * @return the lineage of the last one
     */
    public static GtidProvenance of(Fleet fleet, InstanceKey failed, List<InstanceKey> fallen) {
        List<InstanceKey> primaries = new ArrayList<>(List.of(failed));
        primaries.addAll(fallen);
        InstanceKey last = primaries.remove(primaries.size() - 1);
        primaries.remove(last);
        return new GtidProvenance(fleet, last, primaries);
    }

    private void descend(InstanceKey from) {
        Set<InstanceKey> passed = new HashSet<>();
        FleetMember at = fleet.member(from).orElse(null);
        Optional.ofNullable(at)
                .flatMap(FleetMember::facts)
                .ifPresent(facts -> seen = seen.union(facts.executedGtids()));
        while (at != null && passed.add(at.key())) {
            at.facts().ifPresent(this::addOrigins);
            at = fleet.sourceOf(at).orElse(null);
        }
    }

    private void addOrigins(Instance facts) {
        origins.add(facts.serverUuid());
        facts.mainChannel().map(ReplicationChannel::sourceUuid).ifPresent(origins::add);
    }

    /**
     * Transactions a server has that its primary cannot have given it.
     *
     * @param instance the server
     * @return its errant transactions; what discovery found when the primary was never read
     */
    public GtidSet errant(Instance instance) {
        if (primary.isEmpty() || primary.get().serverUuid().isEmpty()) {
            return instance.errantGtids();
        }
        GtidSet errant = instance.executedGtids().minus(seen);
        for (String origin : origins) {
            errant = errant.withoutSource(origin);
        }
        return errant;
    }

    /**
     * What a server received from its primary, executed or not.
     *
     * @param instance the server
     * @return everything it holds, without what is errant
     */
    public GtidSet received(Instance instance) {
        return instance.receivedGtids().minus(errant(instance));
    }

    /**
     * What a server received from its primary, by the last reading of it, old or new.
     *
     * @param key the server
     * @return empty when it was never read
     */
    public GtidSet lastKnownReceived(InstanceKey key) {
        return fleet.member(key)
                .flatMap(FleetMember::facts)
                .filter(Instance::usesOracleGtid)
                .map(this::received)
                .orElse(GtidSet.empty());
    }

    /**
     * What the primary itself had executed by its last reading.
     *
     * @return empty when it was never read
     */
    public GtidSet lastKnownOfPrimary() {
        return primary.map(Instance::executedGtids).orElse(GtidSet.empty());
    }
}
