package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.ByHand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In some worlds people do not like whom a failover has promoted: they start the former primary and make it the primary
 * again by hand, in small steps, and where something takes its writes away they give them back. Their dice are their own.
 */
final class Rebuilders {
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Two readings, a poll apart, and a leader that is to be found first. */
    private static final Duration FENCE_ENDS_WITHIN = Duration.ofSeconds(15);
    /** So long nobody has taken anything back. */
    private static final Duration SETTLED = Duration.ofSeconds(8);

    private final Schedule world;
    private final Dice dice;
    private final boolean inclined;
    private final boolean careful;
    private final boolean writableFirst;
    private final boolean dies;
    private boolean calm;
    private boolean over;
    private long rebuiltAt;
    private long writableSince;
    private @Nullable Task task;
    private GtidSet lost = GtidSet.empty();

    /** What they want: that this server is the primary again, and not who took over. */
    private record Task(RecoveryRecord record, SimulatedServer former, SimulatedServer successor) {}

    Rebuilders(Schedule world, long seed, Choices chosen) {
        this.world = world;
        this.dice = new Dice(seed ^ 0x19L << 32);
        Choices own = chosen.by(dice);
        // Below a server that is ailing itself nobody rebuilds anything: it would not replicate.
        this.inclined = own.once("people rebuild it after a failover", 8)
                && !world.ailments().areThere();
        this.careful = !inclined || !own.once("without catching up", 4);
        this.writableFirst = inclined && own.once("writable before the others follow", 2);
        this.dies = inclined && own.once("the rebuilt primary dies", 2);
    }

    /** Whether they are never content with a failover. */
    boolean areInclined() {
        return inclined;
    }

    /** A recovery has ended: they may not be content with it. */
    void ended(State state) {
        RecoveryRecord record = state.record();
        InstanceKey successor = record.successor();
        boolean failover = record.type() == RecoveryType.DEAD_PRIMARY && state.end() == Effect.End.SUCCEEDED;
        if (inclined && failover && successor != null) {
            task = new Task(
                    record,
                    world.servers().get(record.failed()),
                    world.servers().get(successor));
        }
    }

    /** The faults have ended: now they find the time. */
    void begin() {
        calm = true;
        if (task != null) {
            world.events().in(dice.between(LOOK, Duration.ofSeconds(6)), this::step);
        }
    }

    /** Whether nobody has anything in mind any more. */
    boolean isOver() {
        return over || task == null || !calm;
    }

    private void again() {
        world.events().in(dice.between(Duration.ofMillis(200), Duration.ofMillis(1500)), this::step);
    }

    private void tell(String what) {
        world.story().tell(() -> "people " + what);
    }

    private void step() {
        Task wanted = task;
        if (wanted == null || over) {
            return;
        }
        if (isTakenBySomebodyElse(wanted)) {
            over = true;
            return;
        }
        boolean active = world.backend().rows().recoveries().stream().anyMatch(RecoveryRecord::isActive);
        if (!active && wanted.former().process() == Running.DOWN) {
            tell("start " + wanted.former().key());
            wanted.former().start();
        } else if (!active) {
            next(wanted);
        }
        if (!over) {
            again();
        }
    }

    /** Who took over was replaced itself, or is gone. */
    private boolean isTakenBySomebodyElse(Task wanted) {
        boolean other = world.servers().all().stream()
                .filter(SimulatedServer::takesWrites)
                .anyMatch(s -> s != wanted.former() && s != wanted.successor());
        boolean begun = rebuiltAt != 0 || wanted.successor().isReadOnly();
        return other || wanted.successor().process() != Running.UP && !begun;
    }

    private void next(Task wanted) {
        SimulatedServer former = wanted.former();
        SimulatedServer successor = wanted.successor();
        boolean lacks = !successor.held().isSubsetOf(former.executed());
        if (former.process() != Running.UP) {
            return;
        }
        if (careful && lacks && !former.reads(successor.key()) && !successor.reads(former.key())) {
            tell("let " + former.key() + " replicate from " + successor.key());
            new ByHand(former).replicateFrom(successor.key());
        } else if (!successor.isReadOnly()) {
            // It is caught up as far as one can see; what is written meanwhile it gets now.
            boolean near = !careful || former.replicatesFrom(List.of(successor)) || !lacks;
            if (near) {
                tell("make " + successor.key() + " read-only");
                new ByHand(successor).setReadOnly(true);
            }
        } else if (careful && lacks && former.reads(successor.key())) {
            return;
        } else {
            build(former, successor);
        }
    }

    private void build(SimulatedServer former, SimulatedServer successor) {
        if (former.reads(successor.key())) {
            tell("end the replication of " + former.key());
            new ByHand(former).detach();
            return;
        }
        List<SimulatedServer> astray = astray(former);
        boolean open = former.isReadOnly() && (writableFirst || astray.isEmpty());
        if (open) {
            tell("make " + former.key() + " writable");
            new ByHand(former).setSemiSync(true);
            new ByHand(former).setReadOnly(false);
            writableSince = world.events().now();
            world.writer().switchTo(former.key());
        } else if (!astray.isEmpty()) {
            SimulatedServer replica = astray.contains(successor) ? successor : astray.get(0);
            tell("let " + replica.key() + " replicate from " + former.key());
            new ByHand(replica).setSemiSync(false);
            new ByHand(replica).replicateFrom(former.key());
        } else {
            rebuilt(former);
        }
    }

    /** Who does not replicate from the primary of their choice, nor stands as somebody stopped it. */
    private List<SimulatedServer> astray(SimulatedServer former) {
        List<SimulatedServer> all = new ArrayList<>(world.with(Running.UP));
        all.removeIf(s -> s == former || s.reads(former.key()) || s.isLeftStanding());
        return all;
    }

    private void rebuilt(SimulatedServer former) {
        long now = world.events().now();
        if (rebuiltAt == 0) {
            rebuiltAt = now;
            tell("have rebuilt the topology around " + former.key() + ", and acknowledge its recovery");
            world.backend().rows().acknowledgeOf(former.key());
        }
        if (now - writableSince >= SETTLED.toNanos()) {
            over = true;
            // With a leftover channel of its own it would be one of two primaries: nobody is promoted for it yet.
            if (dies && !world.wiring().isLeftover()) {
                world.story().tell(() -> former.key() + " is killed");
                former.kill();
            }
        }
    }

    /** Somebody is told of what is lost with what they do. */
    void told(String text) {
        if (text.contains("LOST with this")) {
            lost = lost.union(Invariants.gtidsIn(text));
        }
    }

    /** What people were told to be lost with what they did. */
    GtidSet lost() {
        return lost;
    }

    /** Its writes are taken away: not for long after it is what people made it. */
    void closed(SimulatedServer server) {
        Task wanted = task;
        boolean late = rebuiltAt != 0 && world.events().now() - rebuiltAt > FENCE_ENDS_WITHIN.toNanos();
        if (wanted != null && wanted.former() == server && late && !over && !hasDeadRival(server)) {
            throw new Violation(server.key() + " is fenced again and again: the topology was rebuilt around it by hand "
                    + (world.events().now() - rebuiltAt) / 1_000_000_000L + " s ago");
        }
    }

    /** One that died as a primary may be one still, for all that services know: people are told of it, and forget it. */
    boolean hasDeadRival(SimulatedServer server) {
        return world.servers().all().stream()
                .anyMatch(s -> s != server && s.process() != Running.UP && !s.isReadOnly());
    }
}
