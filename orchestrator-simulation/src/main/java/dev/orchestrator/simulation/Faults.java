package dev.orchestrator.simulation;

import dev.orchestrator.simulation.node.Service;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

    private void loseAnswers() {
        world.story().tell(() -> "answers of the backend are lost");
        world.backend().loseAnswers(1 + dice.number(3));
    }

    void begin(Duration within) {
        over = false;
        left = count;
        // Where nobody orders anything the primary nearly always dies first: nothing else begins a recovery.
        if (ordered ? dice.once(5) : !dice.once(10)) {
            left--;
            struck++;
            world.events().in(dice.between(Duration.ZERO, Duration.ofMillis(500)), () -> {
                if (dice.once(6)) {
                    freeze(primary());
                } else if (dice.once(5)) {
                    restart(primary());
                } else if (aim.isIntermediateFirst()) {
                    kill(intermediate());
                } else {
                    killPrimary();
                }
            });
        }
        while (!atEffects && !aim.isOn() && left > 0) {
            left--;
            world.events().in(dice.between(Duration.ZERO, within.dividedBy(2)), this::anything);
        }
    }

    private void anything() {
        if (!over) {
            Fault fault = dice.oneOf(Fault.ALL);
            world.coverage().count(fault);
            strike(fault, dice.oneOf(world.nodes()));
        }
    }

    void atEffect(Service node, String procedure, String effect, boolean before) {
        world.coverage().met(procedure, effect, before);
        if (over || left == 0) {
            return;
        }
        if (aim.isOn() ? aim.hits(procedure, effect, before) : atEffects && dice.once(18)) {
            left--;
            Fault fault = aim.isOn() ? aim.fault() : dice.oneOf(Fault.ALL);
            world.coverage().count(fault, procedure, effect, before);
            strike(fault, node);
        }
    }

    private void strike(Fault fault, Service node) {
        struck++;
        world.disturbed();
        switch (fault) {
            case PRIMARY_KILLED -> killPrimary();
            case REPLICA_KILLED -> kill(anyReplica());
            case SERVER_FROZEN -> freeze(any());
            case SERVER_RESTARTED -> restart(any());
            case NODE_KILLED -> killNode(node);
            case NODE_PAUSED -> pauseNode(node);
            case BACKEND_STALLED -> stall();
            case ANSWERS_LOST -> loseAnswers();
            case WAY_CUT -> cut();
            case APPLIER_HELD_UP -> lock(anyReplica());
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
    private SimulatedServer intermediate() {
        List<SimulatedServer> all = new ArrayList<>(world.servers().all());
        all.remove(0);
        List<SimulatedServer> sources = all.stream()
                .filter(s -> all.stream().anyMatch(r -> r.reads(s.key())))
                .toList();
        return dice.oneOf(sources.isEmpty() ? all : sources);
    }

    private SimulatedServer any() {
        return dice.oneOf(List.copyOf(world.servers().all()));
    }

    private SimulatedServer anyReplica() {
        List<SimulatedServer> all = new ArrayList<>(world.servers().all());
        all.remove(0);
        return dice.oneOf(all);
    }

    /** Whether one thing at most has gone wrong until now. */
    boolean isSingle() {
        return struck <= 1;
    }

    private void killPrimary() {
        if (world.fate().isRackHit()) {
            struck++;
            world.fate().goDark(this::kill);
        } else {
            kill(primary());
        }
    }

    private void kill(SimulatedServer server) {
        long up = world.with(Running.UP).size();
        if (up <= 2) {
            return;
        }
        world.story().tell(() -> server.key() + " is killed");
        server.kill();
        if (dice.once(3)) {
            world.events().in(dice.between(Duration.ofSeconds(2), Duration.ofSeconds(20)), () -> start(server));
        }
    }

    private void restart(SimulatedServer server) {
        world.story().tell(() -> server.key() + " is killed and restarted by its supervisor");
        server.kill();
        world.events().in(dice.between(Duration.ofMillis(50), Duration.ofMillis(1800)), () -> start(server));
    }

    private void start(SimulatedServer server) {
        world.story().tell(() -> server.key() + " starts");
        server.start();
    }

    private void freeze(SimulatedServer server) {
        world.story().tell(() -> server.key() + " freezes");
        server.freeze();
        world.events().in(dice.between(Duration.ofMillis(200), Duration.ofSeconds(14)), () -> {
            world.story().tell(() -> server.key() + " is thawed");
            server.thaw();
        });
    }

    private void lock(SimulatedServer server) {
        world.story().tell(() -> server.key() + " is locked: nothing is applied");
        server.lock();
        world.events().in(dice.between(Duration.ofMillis(200), Duration.ofSeconds(6)), server::unlock);
    }

    private void killNode(Service node) {
        long alive = world.nodes().stream().filter(n -> n.process().isAlive()).count();
        if (alive > 1) {
            world.story().tell(() -> node.process().name() + " is killed");
            node.process().kill();
            world.fate().besideService().ifPresent(this::freeze);
        }
    }

    private void pauseNode(Service node) {
        world.story().tell(() -> node.process().name() + " is paused");
        node.process().pause();
        world.fate().besideService().ifPresent(this::freeze);
        world.events().in(dice.between(Duration.ofMillis(100), Duration.ofSeconds(8)), () -> {
            world.story().tell(() -> node.process().name() + " goes on");
            node.process().goOn();
        });
    }

    private void stall() {
        world.story().tell(() -> "the backend stalls");
        world.backend().stall();
        world.events().in(dice.between(Duration.ofMillis(200), Duration.ofSeconds(5)), () -> {
            world.story().tell(() -> "the backend goes on");
            world.backend().goOn();
        });
    }

    private void cut() {
        List<String> hosts = new ArrayList<>(List.of("backend", "application"));
        world.servers().all().forEach(s -> hosts.add(s.key().hostname()));
        world.nodes().forEach(n -> hosts.add(n.process().name()));
        String from = dice.oneOf(hosts);
        String to = dice.oneOf(hosts);
        Network.State state = dice.once(3) ? Network.State.SLOW : Network.State.CUT;
        boolean both = !dice.once(3);
        world.story().tell(() -> "the way from " + from + " to " + to + (both ? " and back" : "") + " is " + state);
        world.network().set(from, to, state);
        if (both) {
            world.network().set(to, from, state);
        }
        world.events().in(dice.between(Duration.ofMillis(200), Duration.ofSeconds(8)), () -> {
            world.network().set(from, to, Network.State.OPEN);
            world.network().set(to, from, Network.State.OPEN);
        });
    }
}
