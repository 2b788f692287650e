package dev.orchestrator.simulation;

import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;

/**
 * A primary that lives, and which its replicas could always reach or were refused by, is not replaced by a service that
 * cannot reach it.
 */
final class Living {
    private final Schedule world;

    Living(Schedule world) {
        this.world = world;
        world.servers().onCommand(this::check);
    }

    private void check(SimulatedServer server, SentCommand order) {
        if (!order.command().equals(new InstanceCommand.SetReadOnly(false))) {
            return;
        }
        world.backend().rows().recoveries().stream()
                .filter(r -> r.isActive() && r.type() == RecoveryType.DEAD_PRIMARY)
                .filter(r -> server.key().equals(r.successor()))
                .forEach(r -> check(server, r));
    }

    private void check(SimulatedServer successor, RecoveryRecord record) {
        SimulatedServer primary = world.servers().get(record.failed());
        boolean lives = primary.takesWrites() && !primary.wasRestarted() && !primary.wasFrozen();
        boolean seen = record.replicas().stream()
                .map(world.servers()::get)
                .filter(r -> r.process() == Running.UP)
                .noneMatch(r -> wasDisturbed(r, primary));
        if (lives && seen) {
            throw new Violation(successor.key() + " replaces " + primary.key()
                    + ", which lives, and to which its replicas' ways were never disturbed");
        }
    }

    private boolean wasDisturbed(SimulatedServer replica, SimulatedServer primary) {
        String from = replica.key().hostname();
        String to = primary.key().hostname();
        return world.network().wasDisturbed(from, to) || world.network().wasDisturbed(to, from);
    }
}
