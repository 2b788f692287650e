package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
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
 * In some worlds a replica does not hear of its source for a while, and some of the others purge their binary logs
 * meanwhile: it cannot follow them any more. Whoever moves it there all the same says so. Its dice are its own.
 */
final class Purges {
    private final Schedule world;
    private final Choices chosen;
    private final boolean wanted;
    private final Map<InstanceKey, Long> purgedAt = new HashMap<>();

    Purges(Schedule world, long seed, Choices choices, boolean mariaDb) {
        this.world = world;
        this.chosen = choices.by(new Dice(seed ^ 0x1236L << 32));
        // A position says nothing of a transaction of its own, nor of what is purged.
        this.wanted = !mariaDb && chosen.once("logs are purged that a replica lacks", 9);
    }

    /** Whether anybody purges anything. */
    boolean areThere() {
        return wanted;
    }

    /** The servers replicate as usual; now some are going to purge their logs. */
    void complete() {
        if (!wanted) {
            return;
        }
        List<SimulatedServer> all = List.copyOf(world.servers().all());
        SimulatedServer behind = chosen.oneOf(
                "behind is", all.subList(1, all.size()), s -> s.key().hostname());
        long cut = chosen.between("it hears nothing after", Duration.ofMillis(300), Duration.ofMillis(2500));
        long mended = cut + chosen.between("and for", Duration.ofSeconds(1), Duration.ofSeconds(12));
        world.events().in(cut, () -> set(behind, Network.State.CUT));
        world.events().in(mended, () -> set(behind, Network.State.OPEN));
        for (SimulatedServer server : all) {
            boolean purges = server != behind && chosen.once(server.key().hostname() + " purges its logs", 2);
            if (purges) {
                String words = server.key().hostname() + " purges after";
                long after = cut + chosen.between(words, Duration.ofMillis(300), Duration.ofSeconds(3));
                world.events().in(after, () -> purge(server));
            }
        }
    }

    /** All ways from and to servers: services still see it. */
    private void set(SimulatedServer behind, Network.State state) {
        boolean cut = state == Network.State.CUT;
        world.story()
                .tell(() -> "the ways between " + behind.key() + " and all other servers are "
                        + (cut ? "cut" : "open again"));
        String host = behind.key().hostname();
        for (SimulatedServer other : world.servers().all()) {
            if (other != behind) {
                world.network().set(other.key().hostname(), host, state);
                world.network().set(host, other.key().hostname(), state);
            }
        }
    }

    private void purge(SimulatedServer server) {
        if (server.process() == Running.UP) {
            world.story().tell(() -> server.key() + " purges its binary logs");
            new ByHand(server).purgeBinaryLogs();
            purgedAt.put(server.key(), world.events().now());
        }
    }

    private static boolean cannotFollow(SimulatedServer replica, SimulatedServer source) {
        return !source.purged().isSubsetOf(replica.held());
    }

    /** Who has purged what a sibling lacks is not chosen where another one has all that it has, and can feed more of them. */
    void chosen(InstanceKey primary, List<InstanceKey> fit) {
        if (!wanted) {
            return;
        }
        SimulatedServer chosen = world.servers().get(primary);
        for (RecoveryRecord record : world.recoveries()) {
            if (record.isActive() && primary.equals(record.successor()) && purgedBefore(primary, record)) {
                List<SimulatedServer> cutOff = cutOff(chosen, record);
                fit.stream()
                        .map(world.servers()::get)
                        .filter(s -> s != chosen
                                && chosen.held().isSubsetOf(s.held())
                                && s.settings().kind().equals(chosen.settings().kind()))
                        .filter(s -> isBetter(cutOff(s, record), cutOff))
                        .findFirst()
                        .ifPresent(s -> {
                            throw new Violation(primary + " is promoted, though it has purged what "
                                    + cutOff.stream().map(SimulatedServer::key).toList() + " need, and " + s.key()
                                    + " has not");
                        });
            }
        }
    }

    private static boolean isBetter(List<SimulatedServer> some, List<SimulatedServer> all) {
        return all.size() > some.size() && all.containsAll(some);
    }

    /** Whom a server could not feed, of those that have no living source: the others stay where they are. */
    private List<SimulatedServer> cutOff(SimulatedServer source, RecoveryRecord record) {
        return world.with(Running.UP).stream()
                .filter(s -> s != source && s.isReadOnly() && cannotFollow(s, source))
                .filter(s -> record.replicas().contains(s.key()) || isBelowADeadOne(s))
                .toList();
    }

    private boolean isBelowADeadOne(SimulatedServer server) {
        return world.servers().all().stream().anyMatch(o -> o.process() == Running.DOWN && server.reads(o.key()));
    }

    /** Who was moved below the successor, which had purged what it lacks, is named. */
    void ended(State state) {
        RecoveryRecord record = state.record();
        InstanceKey key = record.successor();
        if (!wanted || key == null || state.end() != Effect.End.SUCCEEDED || !purgedBefore(key, record)) {
            return;
        }
        SimulatedServer successor = world.servers().get(key);
        for (SimulatedServer replica : world.with(Running.UP)) {
            boolean moved = replica.reads(key) && record.replicas().contains(replica.key());
            if (moved && cannotFollow(replica, successor) && !isNamed(record, replica.key())) {
                throw new Violation(replica.key() + " was moved below " + key
                        + ", which has purged what it lacks, and nobody says so");
            }
        }
    }

    private boolean purgedBefore(InstanceKey key, RecoveryRecord record) {
        Long at = purgedAt.get(key);
        Duration old = Duration.between(record.startedAt(), world.events().instant());
        return at != null && at < world.events().now() - old.toNanos();
    }

    private static boolean isNamed(RecoveryRecord record, InstanceKey key) {
        return record.lostReplicas().contains(key)
                || record.errors().stream().anyMatch(e -> e.contains(key.toString()));
    }

    /** Whether a service that leads shows of one that cannot follow its source with what its receiver has ended. */
    boolean isShown(SimulatedServer server) {
        List<SimulatedServer> sources = new ArrayList<>(world.servers().all());
        sources.removeIf(s -> !server.reads(s.key()) || !cannotFollow(server, s));
        return !sources.isEmpty()
                && world.nodes().stream()
                        .filter(SimulatedService::leads)
                        .flatMap(n -> n.fleet().instance(server.key()).stream())
                        .flatMap(i -> i.channels().stream())
                        .anyMatch(c -> c.lastReceiverErrno() != 0);
    }
}
