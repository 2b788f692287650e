package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.simulation.kind.ServerKind;
import dev.orchestrator.simulation.server.Schemas;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import java.util.HashSet;
import java.util.Set;

/**
 * A replica that filters lacks what its GTIDs do not tell of: it is promoted, and becomes the source of one that does not
 * filter the same, only by an order that names it. Until then what clients were told is written is there, row by row.
 */
final class Filtered {
    private final Schedule world;
    private final Set<InstanceKey> named = new HashSet<>();
    private final Set<InstanceKey> promoted = new HashSet<>();

    Filtered(Schedule world) {
        this.world = world;
        world.servers().onCommand(this::check);
    }

    /** An order names who is to take over. */
    void named(InstanceKey successor) {
        named.add(successor);
    }

    private void check(SimulatedServer server, SentCommand order) {
        if (order.command().equals(new InstanceCommand.SetReadOnly(false))) {
            opened(server);
        } else if (order.command() instanceof InstanceCommand.Repoint c) {
            below(server, c.source(), order);
        } else if (order.command() instanceof InstanceCommand.AttachTo c) {
            below(server, c.source(), order);
        }
    }

    private void opened(SimulatedServer server) {
        InstanceKey key = server.key();
        if (!server.settings().kind().leavesOut(Schemas.SCRATCH)) {
            return;
        }
        // One that was the primary before gets its writes back.
        boolean ordered = promoted.contains(key)
                || world.backend().rows().recoveries().stream()
                        .filter(RecoveryRecord::isActive)
                        .anyMatch(r -> (r.type() == RecoveryType.SWITCHOVER || r.epoch() == 0)
                                && key.equals(r.successor())
                                && named.contains(key));
        if (!ordered) {
            throw new Violation(key + ", which has replication filters (" + filters(server)
                    + "), is promoted, and no order names it");
        }
        promoted.add(key);
    }

    private void below(SimulatedServer replica, InstanceKey source, SentCommand order) {
        SimulatedServer above = world.servers().get(source);
        ServerKind kind = replica.settings().kind();
        boolean lacks = above.settings().kind().leavesOut(Schemas.SCRATCH)
                && !(kind.equals(above.settings().kind()));
        if (lacks && world.chores().errands().operations().isOrdered(replica, order)) {
            // An operator wants it so, and what leaves out rows is a source from now on.
            promoted.add(source);
        }
        if (lacks && !promoted.contains(source) && !isNamed(source)) {
            throw new Violation(replica.key() + " is to replicate from " + source + ", which has replication filters ("
                    + filters(above) + ") that it has not, and no order says so");
        }
    }

    private boolean isNamed(InstanceKey source) {
        return world.backend().rows().recoveries().stream()
                .anyMatch(r -> r.isActive() && source.equals(r.successor()) && named.contains(source));
    }

    private static String filters(SimulatedServer server) {
        ServerKind kind = server.settings().kind();
        return kind.filters() + " " + kind.binlogFilters();
    }

    /** Rows that were acknowledged are on the last primary, as far as their transactions are. */
    void check(SimulatedServer primary) {
        if (!promoted.isEmpty()) {
            return;
        }
        GtidSet absent = primary.absent();
        for (Writer.Acknowledged write : world.writer().acknowledged()) {
            if (write.gtid().isSubsetOf(absent)) {
                throw new Violation("lost: the rows of " + write.gtid() + ", acknowledged by " + write.server() + ": "
                        + primary.key() + ", which is the primary, has executed it without them");
            }
        }
    }
}
