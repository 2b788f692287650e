package dev.orchestrator.simulation;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Replicas of a replica that died together with the primary: who replaces the primary sees to them, too, or names them; if
 * it knows that the one replicated from the other.
 */
final class Orphans {
    private final Schedule world;
    private final Map<SimulatedServer, SimulatedServer> left = new HashMap<>();

    Orphans(Schedule world) {
        this.world = world;
    }

    /** Who goes on with a recovery moves the servers of its record; what died since is a failure of its own. */
    void began(SimulatedService node, RecoveryRecord record, boolean resumed) {
        left.clear();
        SimulatedServer primary = world.servers().get(record.failed());
        if (resumed || record.type() != RecoveryType.DEAD_PRIMARY || primary.process() != Running.DOWN) {
            return;
        }
        Set<InstanceKey> known = node.fleet().replicasOf(primary.key()).stream()
                .map(FleetMember::key)
                .collect(Collectors.toSet());
        List<SimulatedServer> dead = world.with(Running.DOWN).stream()
                .filter(s -> s.reads(primary.key()) && s.diedAt() <= primary.diedAt())
                .filter(s -> known.contains(s.key()))
                .toList();
        for (SimulatedServer source : dead) {
            world.with(Running.UP).stream()
                    .filter(s -> s.reads(source.key()) && !s.isLeftStanding())
                    .forEach(s -> left.put(s, source));
        }
    }

    /** Who was away meanwhile may have been missed. */
    void disturbed() {
        left.clear();
    }

    void ended(State state) {
        RecoveryRecord record = state.record();
        if (state.end() == Effect.End.SUCCEEDED && record.type() == RecoveryType.DEAD_PRIMARY) {
            left.forEach((orphan, source) -> {
                if (orphan.reads(source.key()) && source.process() == Running.DOWN && !isNamed(record, orphan.key())) {
                    throw new Violation(orphan.key() + " was left below " + source.key() + ", which died with "
                            + record.failed() + ", and nobody says so");
                }
            });
        }
        left.clear();
    }

    private static boolean isNamed(RecoveryRecord record, InstanceKey key) {
        return record.lostReplicas().contains(key)
                || record.errors().stream().anyMatch(e -> e.contains(key.toString()));
    }
}
