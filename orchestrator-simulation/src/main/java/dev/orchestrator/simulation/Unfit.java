package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who takes nobody's place unless an order names it: a replica that is late on purpose, one whose applier has ended at what
 * it cannot execute, and one that has transactions of its own.
 */
final class Unfit {
    /** A choice is made, and carried out, on what was read a moment ago. */
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(3);

    private final Schedule world;
    private final Set<InstanceKey> named = new HashSet<>();

    Unfit(Schedule world) {
        this.world = world;
        world.servers().onCommand(this::check);
    }

    /** An order names who is to take over. */
    void named(InstanceKey successor) {
        named.add(successor);
    }

    private void check(SimulatedServer server, SentCommand order) {
        if (!order.command().equals(new InstanceCommand.SetReadOnly(false)) || named.contains(server.key())) {
            return;
        }
        world.backend().rows().recoveries().stream()
                .filter(RecoveryRecord::isActive)
                .filter(r -> server.key().equals(r.successor()))
                .findFirst()
                .flatMap(r -> reason(server, r))
                .ifPresent(why -> {
                    throw new Violation(server.key() + " is promoted, though " + why + ", and no order names it");
                });
    }

    private Optional<String> reason(SimulatedServer server, RecoveryRecord record) {
        if (!server.replication().delay().isZero()) {
            return Optional.of("it is delayed on purpose");
        }
        if (server.replication().isBroken()) {
            return Optional.of("its applier has ended at what it cannot execute");
        }
        Duration old = Duration.between(record.startedAt(), world.events().instant());
        long seen = world.events().now() - old.toNanos() - SEEN_WITHIN.toNanos();
        return world.ailments().isErrant(server, seen)
                ? Optional.of("it has transactions of its own")
                : Optional.empty();
    }
}
