package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.server.Schemas;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import java.util.List;

/**
 * A dead primary is replaced when one replica is fit, whatever its siblings are like: where commits wait for nobody, and
 * nothing else goes wrong meanwhile.
 */
final class Healthy {
    private final Schedule world;
    private List<InstanceKey> atBegin = List.of();

    Healthy(Schedule world) {
        this.world = world;
    }

    /** Something goes wrong: who was away meanwhile may have been left out for that. */
    void disturbed() {
        atBegin = List.of();
    }

    /** Who goes on with a recovery that names nobody puts things back, and then it is decided anew. */
    void began(SimulatedService node, RecoveryRecord record, boolean resumed) {
        boolean replaces = record.type() == RecoveryType.DEAD_PRIMARY && !resumed;
        atBegin = replaces ? fit(node, record.failed()) : List.of();
    }

    /** Clients are sent to who was chosen. */
    void promoted(InstanceKey primary) {
        world.ailments().chosen(primary, atBegin);
    }

    void ended(State state) {
        RecoveryRecord record = state.record();
        if (state.end() == Effect.End.GIVEN_UP && record.type() == RecoveryType.DEAD_PRIMARY && !atBegin.isEmpty()) {
            check(atBegin, record.failed(), record.errors().toString());
        }
        atBegin = List.of();
    }

    private void check(List<InstanceKey> fit, InstanceKey failed, String why) {
        if (!fit.isEmpty() && world.servers().get(failed).process() == Running.DOWN) {
            throw new Violation("nobody takes over from " + failed + ", though " + fit + " could: " + why);
        }
    }

    private List<InstanceKey> fit(SimulatedService node, InstanceKey failed) {
        boolean semiSync =
                world.servers().all().stream().anyMatch(s -> s.settings().semiSyncSource());
        SimulatedServer primary = world.servers().get(failed);
        if (semiSync || primary.process() != Running.DOWN) {
            return List.of();
        }
        return world.with(Running.UP).stream()
                .filter(s -> s.reads(failed) && s.process() == Running.UP)
                .filter(s -> !s.wasRestarted()
                        && !s.isLeftStanding()
                        && !s.replication().isBroken()
                        && !s.obstacles().isLocked())
                .filter(s -> !s.settings().kind().leavesOut(Schemas.SCRATCH))
                .filter(s -> !world.mustNot().isOf(s))
                .filter(world.ailments()::areSparing)
                .filter(s -> isHeard(node, s))
                .map(SimulatedServer::key)
                .toList();
    }

    private boolean isHeard(SimulatedService node, SimulatedServer server) {
        String from = node.process().name();
        String host = server.key().hostname();
        return !world.network().wasDisturbed(from, host) && !world.network().wasDisturbed(host, from);
    }
}
