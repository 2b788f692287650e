package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.kind.ReplicationError;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.ByHand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In some worlds somebody writes on a replica, or on all of them: the next row of the source meets what was written, and
 * the applier ends, while the receiver goes on. Mostly the primary dies later anyway; in some worlds it dies when they alone
 * receive what it writes. Their dice are their own.
 */
final class Meddlers {
    private static final List<ReplicationError> MET = List.of(
            new ReplicationError(1062, "Could not execute Write_rows event on table app.t; Duplicate entry"),
            new ReplicationError(1032, "Could not execute Update_rows event on table app.t; Can't find record"));

    private final Schedule world;
    private final Choices chosen;
    private final boolean wanted;
    private final boolean everywhere;
    private final boolean logged;
    private final boolean lagging;
    private final boolean alone;
    private final long after;
    private final ReplicationError met;
    private final List<SimulatedServer> victims = new ArrayList<>();
    private final Map<InstanceKey, Long> writtenAt = new HashMap<>();
    private GtidSet errant = GtidSet.empty();

    Meddlers(Schedule world, long seed, Choices choices, boolean mariaDb) {
        this.world = world;
        this.chosen = choices.by(new Dice(seed ^ 0x3EDD1EL << 24));
        // A position says nothing of a transaction of its own, nor of what is purged.
        this.wanted = !mariaDb && chosen.once("somebody writes on a replica", 8);
        this.everywhere = wanted && chosen.once("and on all others", 4);
        boolean unlogged = wanted && chosen.once("the write is not logged", 2);
        // A primary that lacks what its own leftover channel's source has is one of two primaries, as long as it does.
        this.logged = wanted && !unlogged && !world.wiring().isLeftover();
        this.lagging = wanted && chosen.once("its applier lags then", 3);
        // Who catches up from one with transactions of its own has them, too, and then nobody is fit: not asked for
        // yet.
        this.alone = wanted && !everywhere && !logged && chosen.once("the primary dies when it alone receives", 3);
        this.met = wanted ? chosen.oneOf("its applier meets", MET, e -> "error " + e.errno()) : ReplicationError.NONE;
        this.after = wanted ? chosen.between("it is written after", Duration.ofMillis(500), Duration.ofSeconds(6)) : 0;
    }

    /** Whether anybody does so. */
    boolean areThere() {
        return wanted;
    }

    /** The servers replicate as usual; now somebody has something in mind. */
    void complete() {
        if (!wanted) {
            return;
        }
        List<SimulatedServer> all = List.copyOf(world.servers().all());
        List<SimulatedServer> replicas = all.subList(1, all.size());
        if (everywhere) {
            victims.addAll(replicas);
        } else {
            victims.add(chosen.oneOf("it is written on", replicas, s -> s.key().hostname()));
        }
        long lags = lagging ? chosen.between("it lags for", Duration.ofMillis(300), Duration.ofSeconds(4)) : 0;
        long dies = alone ? chosen.between("the primary dies after", Duration.ofMillis(100), Duration.ofSeconds(2)) : 0;
        world.events().in(after, () -> strike(lags, dies));
    }

    private void strike(long lags, long dies) {
        List<SimulatedServer> met = victims.stream()
                .filter(s -> s.process() == Running.UP && s.isReadOnly())
                .toList();
        if (met.isEmpty()) {
            return;
        }
        world.disturbed();
        met.forEach(s -> write(s, lags));
        if (alone) {
            leaveAlone(dies);
        }
    }

    private void write(SimulatedServer server, long lags) {
        world.story()
                .tell(() -> "somebody writes on " + server.key() + (logged ? "" : ", unlogged")
                        + ": its next row from its source meets " + met.errno());
        errant = errant.union(new ByHand(server).write(met, logged));
        writtenAt.put(server.key(), world.events().now());
        if (lagging) {
            world.story().tell(() -> server.key() + " is locked: nothing is applied");
            server.obstacles().lock();
            world.events().in(lags, () -> {
                world.story().tell(() -> server.key() + " is unlocked");
                server.obstacles().unlock();
            });
        }
    }

    /** Nothing of the primary reaches the other replicas any more, then it dies. */
    private void leaveAlone(long dies) {
        SimulatedServer primary = world.servers().all().iterator().next();
        List<SimulatedServer> others = world.servers().all().stream()
                .filter(s -> s != primary && !victims.contains(s))
                .toList();
        if (!primary.takesWrites() || others.isEmpty()) {
            return;
        }
        world.story().tell(() -> "nothing of " + primary.key() + " reaches other replicas any more");
        set(primary, others, Network.State.CUT);
        world.events().in(dies, () -> {
            world.disturbed();
            world.story().tell(() -> primary.key() + " is killed");
            primary.kill();
            set(primary, others, Network.State.OPEN);
        });
    }

    private void set(SimulatedServer primary, List<SimulatedServer> others, Network.State state) {
        others.forEach(
                s -> world.network().set(primary.key().hostname(), s.key().hostname(), state));
    }

    /** What was written where only a source writes: it came from no primary, and nobody has to bring it anywhere. */
    GtidSet errant() {
        return errant;
    }

    /** Whether somebody wrote there, so long ago that who leads has seen it. */
    boolean wroteOn(SimulatedServer server, long before) {
        Long at = writtenAt.get(server.key());
        return at != null && at < before;
    }

    /** Whether a service that leads shows with what the applier of a server has ended. */
    boolean isShown(SimulatedServer server) {
        return server.hasConflicts()
                && world.nodes().stream()
                        .filter(SimulatedService::leads)
                        .flatMap(n -> n.fleet().instance(server.key()).stream())
                        .flatMap(i -> i.channels().stream())
                        .anyMatch(c -> c.lastApplierErrno() == met.errno());
    }
}
