package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.util.HashMap;
import java.util.Map;

/**
 * What replicas had received of a dead primary when somebody began to replace it, whether or not it was ever acknowledged:
 * as long as they answer all the while, it is brought to the new primary or named.
 */
final class Received {
    private final Schedule world;
    private final Map<InstanceKey, GtidSet> atBegin = new HashMap<>();
    private GtidSet lacking = GtidSet.empty();

    Received(Schedule world) {
        this.world = world;
    }

    void began(SimulatedService node, RecoveryRecord record) {
        if (record.type() == RecoveryType.DEAD_PRIMARY) {
            atBegin.clear();
            if (record.successor() != null) {
                // Who goes on with a named successor chooses nobody.
                return;
            }
            for (InstanceKey key : record.replicas()) {
                SimulatedServer replica = world.servers().get(key);
                if (answers(node, replica)) {
                    atBegin.put(key, ofThisCluster(replica));
                }
            }
        }
    }

    /**
     * What an aggregator has of another cluster is no matter of this one; what a delayed replica has only received nobody can
     * take from it in time.
     */
    private GtidSet ofThisCluster(SimulatedServer replica) {
        boolean delayed = !replica.replication().delay().isZero();
        GtidSet held = delayed ? replica.executed() : replica.held();
        for (SimulatedServer other : world.servers().outside()) {
            held = held.withoutSource(other.settings().uuid());
        }
        return held.minus(world.ailments().errant());
    }

    /** Who was away meanwhile may have been left behind, unseen. */
    void disturbed() {
        atBegin.clear();
    }

    void promoted(InstanceKey primary) {
        GtidSet held = world.servers().get(primary).held();
        for (GtidSet received : atBegin.values()) {
            lacking = lacking.union(received.minus(held));
        }
        atBegin.clear();
    }

    /** What cannot be brought to the new primary is named by the one who chose it. */
    void ended(State state) {
        if (state.end() == Effect.End.ABANDONED) {
            return;
        }
        GtidSet named = state.record().lostGtids();
        GtidSet lost = (named == null ? lacking : lacking.minus(named))
                .minus(world.rebuilders().lost());
        if (!lost.isEmpty()) {
            throw new Violation("lost: " + lost + ", which a replica had received that answered all the while, and "
                    + state.record().successor() + " was promoted");
        }
        lacking = GtidSet.empty();
    }

    private boolean answers(SimulatedService node, SimulatedServer server) {
        String host = server.key().hostname();
        String from = node.process().name();
        return server.process() == Running.UP
                && !world.network().isCut(from, host)
                && !world.network().isCut(host, from);
    }
}
