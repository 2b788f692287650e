package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.backend.Rows;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.spi.Lease;
import java.util.List;

/** What must hold of a command at the moment a server carries it out. */
final class CommandChecks {
    private final Schedule world;
    private final Readiness readiness;

    CommandChecks(Schedule world, Readiness readiness) {
        this.world = world;
        this.readiness = readiness;
        world.servers().onCommand(this::check);
    }

    private void check(SimulatedServer server, SentCommand order) {
        if (!world.backend().isForgetful()) {
            againstTheBackend(server, order);
        }
        if (order.command().equals(new InstanceCommand.SetReadOnly(true))) {
            readiness.closed(server);
            world.rebuilders().closed(server);
        }
    }

    /** Who may do it, as the backend says. */
    private void againstTheBackend(SimulatedServer server, SentCommand order) {
        String what = server.key() + " does what " + order.sender() + " tells it ("
                + order.command().describe() + ")";
        rightful(order, what);
        if (order.command().equals(new InstanceCommand.SetReadOnly(false))) {
            opened(server.key(), what);
        }
        if (server.replication().startsWhatStands(order.command())) {
            started(server, order, what);
        }
    }

    /**
     * It was sent by whoever may: of a leader, nobody else has been granted the lease since; of an operator's order, its
     * locks hold still. In a backend whose clock was set forward, or which lacks what was written last, either may be gone before
     * its time: its holder notices when it extends it.
     */
    private void rightful(SentCommand order, String what) {
        Rows rows = world.backend().rows();
        long now = world.backend().now();
        order.right()
                .<Runnable>match(
                        lease -> () -> {
                            String holder = rows.holder(now).map(Lease::holder).orElse("");
                            check(
                                    holder.isEmpty() || holder.equals(order.sender()),
                                    what + ", while " + holder + " leads");
                        },
                        lock -> () -> check(
                                rows.locks().isHeld(lock.token(), now)
                                        || world.chores().errands().custody().hasEnded(lock.token()),
                                what + ", while its locks are not held"),
                        journal -> () -> {})
                .run();
    }

    /** Those of the cluster that a server is of. */
    private List<RecoveryRecord> active(InstanceKey server) {
        return all(server).stream().filter(RecoveryRecord::isActive).toList();
    }

    private List<RecoveryRecord> all(InstanceKey server) {
        boolean here = world.neighbour().has(server);
        return world.backend().rows().recoveries().stream()
                .filter(r -> world.neighbour().has(r.failed()) == here)
                .toList();
    }

    /**
     * Whoever goes on with it must know: the backend names the successor before, and nobody any more before it is undone. A
     * fence that is lifted as its recovery was given up may make its server writable just after the recovery has ended.
     */
    private void opened(InstanceKey server, String what) {
        List<RecoveryRecord> all = all(server);
        List<RecoveryRecord> active = active(server);
        List<RecoveryRecord> said = active.isEmpty() && !all.isEmpty() ? List.of(all.get(all.size() - 1)) : active;
        check(
                said.stream().anyMatch(r -> server.equals(r.successor() == null ? r.failed() : r.successor())),
                what + ", while the backend's record does not say that it is to take writes");
    }

    /**
     * Of a replica that its restart, or somebody, left standing: only what ran when a recovery began is started by it; a
     * former primary, or one that was to take over and fell, which is to replicate now; and what is ordered.
     */
    private void started(SimulatedServer replica, SentCommand order, String what) {
        InstanceKey server = replica.key();
        boolean ran = world.chores().errands().operations().isOrdered(replica, order)
                || active(server).stream().anyMatch(r -> r.failed().equals(server))
                || world.backend().rows().fences().stream()
                        .anyMatch(f -> f.instance().equals(server))
                || active(server).stream()
                        .flatMap(r -> r.before().stream())
                        .filter(b -> b.key().equals(server))
                        .flatMap(b -> b.channels().stream())
                        .anyMatch(c -> c.receiverRan());
        check(ran, what + ", which stood before");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }
}
