package dev.orchestrator.simulation;

import dev.orchestrator.simulation.node.Service;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.plan.When;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** What goes wrong in a world: some of it at any time, some exactly before or after something that a procedure does. */
final class Faults {
    private final Schedule world;
    private final Dice dice;
    private final int count;
    private final Aim aim;
    private final boolean atEffects;
    private final boolean ordered;
    private int left;
    private int struck;
    private boolean over = true;

    /** Where operators order something, faults mostly meet that. */
    Faults(Schedule world, Aim aim, boolean ordered) {
        this.world = world;
        this.aim = aim;
        this.ordered = ordered;
        this.dice = world.dice();
        this.count = 1 + dice.number(3);
        this.atEffects = !dice.once(4);
    }

    /** Where enough goes wrong otherwise, nothing does by chance. */
    void begin(Duration within, boolean spared) {
        over = false;
        left = spared ? 0 : count;
        // Where nobody orders anything the primary nearly always dies first: nothing else begins a recovery.
        boolean primaryFirst = ordered ? dice.once(5) : !dice.once(10);
        for (Happening it : world.script().first(primaryFirst && !spared ? 1 : 0)) {
            left--;
            struck++;
            plan(it, dice.between(Duration.ZERO, Duration.ofMillis(500)), When.First::new, () -> first(it));
        }
        for (Happening it : world.script().anytime(atEffects || aim.isOn() ? 0 : left)) {
            left--;
            plan(it, dice.between(Duration.ZERO, within.dividedBy(2)), When.At::new, () -> anything(it));
        }
    }

    private void plan(Happening it, long thrown, LongFunction<When> at, Runnable then) {
        world.events().in(it.in(world.events().now(), thrown, at), then);
    }

    private void first(Happening it) {
        Fault fault = it.fault(thrownFirst());
        Choices how = it.happens(dice);
        switch (fault) {
            case SERVER_FROZEN -> freeze(primary(), how);
            case SERVER_RESTARTED -> restart(primary(), how);
            case PRIMARY_KILLED -> killPrimary(how);
            case REPLICA_KILLED -> kill(intermediate(how), how);
            default ->
                throw new IllegalArgumentException("'" + fault + "' does not come first: expected a primary that is"
                        + " killed, frozen or restarted, or a replica killed");
        }
    }

    private Fault thrownFirst() {
        if (dice.once(6)) {
            return Fault.SERVER_FROZEN;
        }
        if (dice.once(5)) {
            return Fault.SERVER_RESTARTED;
        }
        return aim.isIntermediateFirst() ? Fault.REPLICA_KILLED : Fault.PRIMARY_KILLED;
    }

    private void anything(Happening it) {
        if (!over) {
            Fault fault = it.fault(dice.oneOf(Fault.ALL));
            world.coverage().count(fault);
            Service thrown = dice.oneOf(world.nodes());
            Choices how = it.happens(dice);
            Service node = fault.isOfService()
                    ? how.known(
                            "service", thrown, world.nodes(), n -> n.process().name())
                    : thrown;
            strike(fault, node, how);
        }
    }

    void atEffect(Service node, String procedure, String effect, boolean before) {
        world.coverage().met(procedure, effect, before);
        if (over) {
            return;
        }
        boolean thrown = left > 0 && (aim.isOn() ? aim.hits(procedure, effect, before) : atEffects && dice.once(18));
        world.script().atEffect(before, procedure, effect, thrown).ifPresent(it -> {
            left--;
            Fault fault = it.fault(aim.isOn() ? aim.fault() : dice.oneOf(Fault.ALL));
            world.coverage().count(fault, procedure, effect, before);
            strike(fault, node, it.happens(dice));
        });
    }

    private void strike(Fault fault, Service node, Choices how) {
        struck++;
        world.disturbed();
        switch (fault) {
            case PRIMARY_KILLED -> killPrimary(how);
            case REPLICA_KILLED -> kill(anyReplica(how), how);
            case SERVER_FROZEN -> freeze(any(how), how);
            case SERVER_RESTARTED -> restart(any(how), how);
            case NODE_KILLED -> killNode(node, how);
            case NODE_PAUSED -> pauseNode(node, how);
            case BACKEND_STALLED -> stall(how);
            case ANSWERS_LOST -> loseAnswers(how);
            case WAY_CUT -> cut(how);
            case APPLIER_HELD_UP -> lock(anyReplica(how), how);
        }
    }

    /** All that can be mended is mended, but for servers and nodes that are gone. */
    void end() {
        over = true;
        world.network().mend();
        world.backend().loseAnswers(0);
        world.backend().goOn();
        world.servers().all().forEach(s -> {
            s.thaw();
            s.unlock();
        });
        world.nodes().forEach(n -> n.process().goOn());
        world.story().tell(() -> "the faults end");
    }

    private SimulatedServer primary() {
        return world.servers().get(world.servers().all().iterator().next().key());
    }

    /** A replica that has replicas, or any. */
    private SimulatedServer intermediate(Choices how) {
        List<SimulatedServer> all = new ArrayList<>(world.servers().all());
        all.remove(0);
        List<SimulatedServer> sources = all.stream()
                .filter(s -> all.stream().anyMatch(r -> r.reads(s.key())))
                .toList();
        SimulatedServer chosen = dice.oneOf(sources.isEmpty() ? all : sources);
        return how.known("server", chosen, all, s -> s.key().toString());
    }

    private SimulatedServer any(Choices how) {
        return server(how, List.copyOf(world.servers().all()));
    }

    private static SimulatedServer server(Choices how, List<SimulatedServer> all) {
        return how.oneOf("server", all, s -> s.key().toString());
    }

    private SimulatedServer anyReplica(Choices how) {
        List<SimulatedServer> all = new ArrayList<>(world.servers().all());
        all.remove(0);
        return server(how, all);
    }

    /** Whether one thing at most has gone wrong until now. */
    boolean isSingle() {
        return struck <= 1;
    }

    private void killPrimary(Choices how) {
        if (world.fate().isRackHit(how)) {
            struck++;
            world.fate().goDark(how, s -> kill(s, how));
        } else {
            kill(primary(), how);
        }
    }

    private void kill(SimulatedServer server, Choices how) {
        long up = world.with(Running.UP).size();
        if (up <= 2) {
            return;
        }
        world.story().tell(() -> server.key() + " is killed");
        server.kill();
        how.seldomBetween(server.key() + " starts after", 3, Duration.ofSeconds(2), Duration.ofSeconds(20))
                .ifPresent(after -> world.events().in(after, () -> start(server)));
    }

    private void restart(SimulatedServer server, Choices how) {
        world.story().tell(() -> server.key() + " is killed and restarted by its supervisor");
        server.kill();
        long down = how.between("down for", Duration.ofMillis(50), Duration.ofMillis(1800));
        world.events().in(down, () -> start(server));
    }

    private void start(SimulatedServer server) {
        world.story().tell(() -> server.key() + " starts");
        server.start();
    }

    private void freeze(SimulatedServer server, Choices how) {
        world.story().tell(() -> server.key() + " freezes");
        server.freeze();
        world.events().in(how.between("frozen for", Duration.ofMillis(200), Duration.ofSeconds(14)), () -> {
            world.story().tell(() -> server.key() + " is thawed");
            server.thaw();
        });
    }

    private void lock(SimulatedServer server, Choices how) {
        world.story().tell(() -> server.key() + " is locked: nothing is applied");
        server.lock();
        world.events().in(how.between("locked for", Duration.ofMillis(200), Duration.ofSeconds(6)), () -> {
            world.story().tell(() -> server.key() + " is unlocked");
            server.unlock();
        });
    }

    private void killNode(Service node, Choices how) {
        long alive = world.nodes().stream().filter(n -> n.process().isAlive()).count();
        if (alive > 1) {
            world.story().tell(() -> node.process().name() + " is killed");
            node.process().kill();
            world.chores().gone();
            world.fate().besideService(how).ifPresent(s -> freeze(s, how));
        }
    }

    private void pauseNode(Service node, Choices how) {
        world.story().tell(() -> node.process().name() + " is paused");
        node.process().pause();
        world.fate().besideService(how).ifPresent(s -> freeze(s, how));
        world.events().in(how.between("paused for", Duration.ofMillis(100), Duration.ofSeconds(8)), () -> {
            world.story().tell(() -> node.process().name() + " goes on");
            node.process().goOn();
        });
    }

    private void loseAnswers(Choices how) {
        world.story().tell(() -> "answers of the backend are lost");
        world.backend().loseAnswers(how.number("answers", 1, 3));
    }

    private void stall(Choices how) {
        world.story().tell(() -> "the backend stalls");
        world.backend().stall();
        world.events().in(how.between("stalled for", Duration.ofMillis(200), Duration.ofSeconds(5)), () -> {
            world.story().tell(() -> "the backend goes on");
            world.backend().goOn();
        });
    }

    private void cut(Choices how) {
        List<String> hosts = new ArrayList<>(List.of("backend", "application"));
        world.servers().all().forEach(s -> hosts.add(s.key().hostname()));
        world.nodes().forEach(n -> hosts.add(n.process().name()));
        String from = how.oneOf("from", hosts, h -> h);
        String to = how.oneOf("to", hosts, h -> h);
        Network.State state = how.once("only slow", 3) ? Network.State.SLOW : Network.State.CUT;
        boolean both = !how.once("one way", 3);
        world.story().tell(() -> "the way from " + from + " to " + to + (both ? " and back" : "") + " is " + state);
        world.network().set(from, to, state);
        if (both) {
            world.network().set(to, from, state);
        }
        world.events().in(how.between("so for", Duration.ofMillis(200), Duration.ofSeconds(8)), () -> {
            world.story().tell(() -> "the way from " + from + " to " + to + " is open");
            world.network().set(from, to, Network.State.OPEN);
            world.network().set(to, from, Network.State.OPEN);
        });
    }
}
