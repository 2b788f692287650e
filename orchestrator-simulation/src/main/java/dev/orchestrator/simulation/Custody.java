package dev.orchestrator.simulation;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.simulation.backend.Rows;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.spi.LockStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * People take servers into their hands: maintenance, downtimes, the global switch; and what must hold meanwhile. What lasts
 * for good lasts longer than the world, unless a service says that it waits for the end of it.
 */
final class Custody {
    private static final Actor BOB = new Actor("bob", Origin.CLI, "application");
    private static final Duration GOOD = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(20);
    /** What was decided before is begun by then: the backend may stall for five seconds, and answer twice as late. */
    private static final Duration KNOWN = Duration.ofSeconds(15);

    private final Schedule world;
    private final Dice dice;
    private final Map<InstanceKey, Long> downtimes = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private long disabledAt;
    private int left;

    Custody(Schedule world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    boolean isOver() {
        return left == 0;
    }

    private Rows rows() {
        return world.backend().rows();
    }

    private long now() {
        return world.events().now();
    }

    private void tell(String what) {
        world.story().tell(() -> "an operator " + what);
    }

    /** Whether an operator has locked it. */
    boolean isInMaintenance(InstanceKey server) {
        return rows().locks().isInMaintenance(server, now());
    }

    /** Whether an operator has ended it, as its holder is gone; what that one sent before may be carried out yet. */
    boolean hasEnded(String token) {
        return ended.contains(token);
    }

    /** Mostly one that is ill, or of which a recovery is under way, or that a service has left locked which is gone. */
    private InstanceKey server(Choices how) {
        List<SimulatedServer> all = List.copyOf(world.servers().all());
        List<InstanceKey> recovered = rows().recoveries().stream()
                .filter(RecoveryRecord::isActive)
                .map(RecoveryRecord::failed)
                .toList();
        List<SimulatedServer> ill = all.stream()
                .filter(s -> s.process() != Running.UP || recovered.contains(s.key()))
                .toList();
        List<SimulatedServer> left =
                all.stream().filter(s -> isLeftLocked(s.key())).toList();
        SimulatedServer any = dice.oneOf(all);
        SimulatedServer chosen = ill.isEmpty() || dice.once(3) ? any : dice.oneOf(ill);
        chosen = left.isEmpty() || dice.once(3) ? chosen : dice.oneOf(left);
        return how.known("server", chosen, all, s -> s.key().toString()).key();
    }

    private void until(Choices how, Runnable end) {
        long time = how.between("for", SHORTEST, LONGEST);
        left++;
        world.events()
                .in(
                        time,
                        () -> onceWritable(() -> {
                            left--;
                            end.run();
                        }));
    }

    /** As long as the backend refuses it they try again. */
    private void onceWritable(Runnable what) {
        if (rows().isWritable()) {
            what.run();
        } else {
            world.events().in(SHORTEST.toNanos(), () -> onceWritable(what));
        }
    }

    /** Its fence ends when nobody has locked it: whoever builds the topology around it sees to that. */
    private boolean isToBeRebuilt(InstanceKey server) {
        InstanceKey first = world.servers().all().iterator().next().key();
        return world.rebuilders().areInclined() && server.equals(first);
    }

    private boolean isRefused() {
        if (!rows().isWritable()) {
            tell("is told that the backend is read-only");
        }
        return !rows().isWritable();
    }

    void maintain(Choices how) {
        InstanceKey server = server(how);
        if (isRefused() || isToBeRebuilt(server)) {
            return;
        }
        if (isNamed(server)) {
            tell("leaves " + server + " alone, which is to take over");
            return;
        }
        if (isLeftLocked(server) && how.once("ending a lock that was left", 2)) {
            tell("ends the lock of " + server + ", which a service has left that is gone");
            leftLocks(server).forEach(l -> ended.add(l.token()));
            rows().locks().end(server, now());
        }
        LockStore.Attempt attempt =
                rows().locks().acquire(LockRequest.forMaintenance(server), BOB, "a new disk", GOOD, now());
        String token = attempt.token();
        if (token == null) {
            tell("cannot begin the maintenance of " + server + ", which "
                    + attempt.blockers().stream()
                            .map(l -> l.owner() + " holds: " + l.reason())
                            .collect(Collectors.joining(", ")));
            return;
        }
        world.disturbed();
        tell("begins the maintenance of " + server);
        if (!isForGood(how)) {
            until(how, () -> end(server, token));
        }
    }

    /** Who builds the topology around a server lets it go before. */
    private boolean isForGood(Choices how) {
        return !world.rebuilders().areInclined() && how.once("for good", 3);
    }

    /** A record names it: whoever goes on with that would wait for the maintenance to end. */
    private boolean isNamed(InstanceKey server) {
        return rows().recoveries().stream().anyMatch(r -> r.isActive() && server.equals(r.successor()));
    }

    /** Only of a service that is gone people know that nothing is done any more behind its locks. */
    private boolean isLeftLocked(InstanceKey server) {
        return !leftLocks(server).isEmpty();
    }

    private List<LockInfo> leftLocks(InstanceKey server) {
        List<String> alive = world.nodes().stream()
                .filter(n -> n.process().isAlive())
                .map(n -> n.process().name())
                .toList();
        return rows().locks().active(now()).stream()
                .filter(l -> l.instance().equals(server)
                        && !l.isByHand()
                        && !alive.contains(l.owner().node()))
                .toList();
    }

    private void end(InstanceKey server, String token) {
        tell("ends the maintenance of " + server);
        rows().locks().release(token, now());
    }

    /** A service says that it waits: whoever is in the way ends what he does there. */
    void told(String text) {
        List<InstanceKey> named = new ArrayList<>();
        for (SimulatedServer server : world.servers().all()) {
            if (text.contains("End the maintenance of " + server.key())) {
                named.add(server.key());
            }
        }
        for (InstanceKey server : named) {
            left++;
            world.events()
                    .in(
                            SHORTEST.multipliedBy(2).toNanos(),
                            () -> onceWritable(() -> {
                                left--;
                                tell("ends the maintenance of " + server + ", as is asked");
                                rows().locks().end(server, now());
                            }));
        }
    }

    void beginDowntime(Choices how) {
        InstanceKey server = server(how);
        if (isRefused()) {
            return;
        }
        tell("begins a downtime of " + server);
        Instant at = world.events().instant();
        Downtime downtime = new Downtime(server, BOB, "a new disk", at, at.plus(GOOD));
        rows().downtimes().begin(downtime, now() + GOOD.toNanos());
        downtimes.put(server, now());
        if (!isForGood(how)) {
            until(how, () -> {
                tell("ends the downtime of " + server);
                rows().downtimes().end(server);
                downtimes.remove(server);
            });
        }
    }

    void disable(Choices how) {
        if (isRefused()) {
            return;
        }
        tell("disables recoveries");
        rows().enableRecoveries(false);
        disabledAt = now();
        until(how, () -> {
            tell("enables recoveries");
            rows().enableRecoveries(true);
            disabledAt = 0;
        });
    }

    void acknowledge() {
        if (isRefused()) {
            return;
        }
        tell("acknowledges all recoveries that have ended");
        rows().recoveries().stream().filter(r -> !r.isActive()).forEach(r -> rows().acknowledge(r.uid()));
    }

    /** By itself no service begins what it was told to leave. */
    void began(RecoveryRecord record, boolean resumed) {
        if (resumed || record.epoch() == 0) {
            return;
        }
        Long since = downtimes.get(record.failed());
        if (since != null && now() - since > KNOWN.toNanos()) {
            throw new Violation(record.failed() + " is recovered by itself, though it is in downtime");
        }
        if (disabledAt != 0 && now() - disabledAt > KNOWN.toNanos()) {
            throw new Violation(record.failed() + " is recovered by itself, though recoveries are disabled");
        }
    }

    private static boolean isWaiting(Effect.Run run) {
        InstanceCommand command = run.step().command();
        return command instanceof InstanceCommand.AwaitExecuted || command instanceof InstanceCommand.AwaitReceiver;
    }

    /** Who is in an operator's hands is changed by nobody, but for what is put back there. */
    void effect(Effect effect) {
        if (effect instanceof Effect.Run run
                && !isWaiting(run)
                && !run.id().phase().equals(PhaseNames.RESTORE)
                && isInMaintenance(run.step().instance())) {
            throw new Violation(run.step().instance() + " is in maintenance, and is changed: "
                    + run.id().phase() + ": " + run.describe());
        }
    }
}
