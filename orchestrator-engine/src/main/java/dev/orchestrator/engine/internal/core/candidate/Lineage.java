package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import java.util.Optional;

/**
 * Which transactions of a replica came from its primary, and which it has of its own. What bears the primary's own
 * identity came from it, even if it is younger than the primary's last reading; anything else must have been seen there.
 */
public final class Lineage {
    private final Fleet fleet;
    private final Optional<Instance> primary;

    /**
     * The lineage of a primary.
     *
     * @param fleet the picture
     * @param primary the primary, dead or alive
     */
    public Lineage(Fleet fleet, InstanceKey primary) {
        this.fleet = fleet;
        this.primary = fleet.instance(primary);
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
        return instance.executedGtids()
                .minus(primary.get().executedGtids())
                .withoutSource(primary.get().serverUuid());
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
