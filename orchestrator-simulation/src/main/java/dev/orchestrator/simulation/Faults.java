package dev.orchestrator.simulation;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.plan.When;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** What goes wrong in a world: some of it at any time, some exactly before or after something that a procedure does. */
final class Faults {
    private static final int NEVER = Integer.MAX_VALUE;

    private final Schedule world;
    private final Dice dice;
    private final int count;
    private final Aim aim;
    private final Marks marks;
    private final Dice further;
    private final BackendFaults backend;
    private final WayFaults ways;
    private final ClockFaults clocks;
    private final boolean atEffects;
    private final boolean ordered;
    private int left;
    private int struck;
    private boolean over = true;
    private boolean spared;

    /** Where operators order something, faults mostly meet that. */
    Faults(Schedule world, Aim aim, Marks marks, boolean ordered) {
        this.world = world;
        this.aim = aim;
        this.marks = marks;
        this.further = marks.further();
        this.backend = new BackendFaults(world);
        this.ways = new WayFaults(world);
        this.clocks = new ClockFaults(world);
        this.ordered = ordered;
        this.dice = world.dice();
        this.count = 1 + dice.number(3);
        this.atEffects = !dice.once(4);
    }

    /** Where enough goes wrong otherwise, nothing does by chance. */
    void begin(Duration within, boolean spared) {
        over = false;
        // Where nobody orders anything the primary nearly always dies first: nothing else begins a recovery.
        boolean thrown = ordered ? dice.once(5) : !dice.once(10);
        boolean primaryFirst = marks.isOn() ? marks.needsFirst().isPresent() : thrown;
        left = spared ? 0 : marks.isOn() ? marks.count() + (primaryFirst ? 1 : 0) : count;
        for (Happening it : world.script().first(primaryFirst && !spared ? 1 : 0)) {
            left--;
            struck++;
            plan(it, dice.between(Duration.ZERO, Duration.ofMillis(500)), When.First::new, () -> first(it));
        }
        for (Happening it : world.script().anytime(atEffects || aim.isOn() || marks.isOn() ? 0 : left)) {
            left--;
            plan(it, dice.between(Duration.ZERO, within.dividedBy(2)), When.At::new, () -> anything(it));
        }
    }

    private void plan(Happening it, long thrown, LongFunction<When> at, Runnable then) {
        world.events().in(it.in(world.events().now(), thrown, at), then);
    }

    private void first(Happening it) {
        Fault thrown = thrownFirst();
        Fault fault = it.fault(marks.needsFirst().orElse(thrown));
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
            Fault fault = it.fault(any());
            SimulatedService thrown = dice.oneOf(world.nodes());
            Choices how = it.happens(dice);
            SimulatedService node = fault.isOfService()
                    ? how.known(
                            "service", thrown, world.nodes(), n -> n.process().name())
                    : thrown;
            if (strike(fault, node, how)) {
                world.coverage().count(fault);
            }
        }
    }

    private Fault any() {
        Fault usual = dice.oneOf(Fault.USUAL);
        return further.once(4) ? further.oneOf(Fault.FURTHER) : usual;
    }

    void atEffect(SimulatedService node, String procedure, String effect, boolean before) {
        world.coverage().met(procedure, effect, before);
        if (over) {
            return;
        }
        Optional<Fault> meant = left > 0 ? meant(procedure, effect, before) : Optional.empty();
        world.script().atEffect(before, procedure, effect, meant.isPresent()).ifPresent(it -> {
            left--;
            Fault fault = it.fault(meant.orElse(Fault.NODE_PAUSED));
            if (strike(fault, node, it.happens(dice))) {
                world.coverage().count(fault, procedure, effect, before);
            }
        });
    }

    private Optional<Fault> meant(String procedure, String effect, boolean before) {
        if (marks.isOn()) {
            return marks.hit(procedure, effect, before);
        }
        if (aim.isOn()) {
            return aim.hits(procedure, effect, before) ? Optional.of(aim.fault()) : Optional.empty();
        }
        return atEffects && dice.once(18) ? Optional.of(any()) : Optional.empty();
    }

    /** Whether anything went wrong: who is gone cannot be killed, and somebody must stay. */
    private boolean strike(Fault fault, SimulatedService node, Choices how) {
        if (spared) {
            return false;
        }
        world.disturbed();
        boolean struckNow = switch (fault) {
            case PRIMARY_KILLED -> killPrimary(how);
            case REPLICA_KILLED -> kill(anyReplica(how), how);
            case SERVER_FROZEN -> freeze(any(how), how);
            case SERVER_RESTARTED -> restart(any(how), how);
            case NODE_KILLED -> killNode(node, how);
            case NODE_PAUSED -> pauseNode(node, how, Duration.ofMillis(100));
            case NODE_ASLEEP -> pauseNode(node, how, Duration.ofSeconds(4));
            case BACKEND_STALLED -> backend.stall(how);
            case ANSWERS_LOST -> backend.loseAnswers(how);
            case BACKEND_READ_ONLY -> backend.makeReadOnly(how);
            case BACKEND_REFUSES -> backend.refuse(how);
            case BACKEND_FAILED_OVER -> backend.failOver(how);
            case CLOCK_SET -> clocks.set(how);
            case WAY_CUT -> ways.cut(how);
            case WAY_FLAPS -> ways.flap(how);
            case WAY_LOSES_ANSWERS -> ways.loseAnswers(how);
            case APPLIER_HELD_UP -> lock(anyReplica(how), how);
        };
        struck += struckNow ? 1 : 0;
        return struckNow;
    }

    /** All that can be mended is mended, but for servers and nodes that are gone. */
    void end() {
        over = true;
        ways.end();
        backend.end();
        world.servers().all().forEach(s -> {
            s.thaw();
            s.obstacles().unlock();
        });
        world.nodes().forEach(n -> n.process().goOn());
        world.story().tell(() -> "the faults end");
    }

    /** The first primary; when it is down, whoever takes its place. */
    private SimulatedServer primary() {
        SimulatedServer first = world.servers().all().iterator().next();
        return first.process() != Running.DOWN
                ? first
                : Stream.concat(
                                world.servers().all().stream().filter(SimulatedServer::takesWrites),
                                world.backend().rows().recoveries().stream()
                                        .filter(RecoveryRecord::isActive)
                                        .flatMap(r -> Stream.ofNullable(r.successor()))
                                        .map(world.servers()::get))
                        .findFirst()
                        .orElse(first);
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
        return running(how, List.copyOf(world.servers().all()));
    }

    /** One to which something can happen, where there is one. */
    private static SimulatedServer running(Choices how, List<SimulatedServer> all) {
        List<SimulatedServer> running =
                all.stream().filter(s -> s.process() != Running.DOWN).toList();
        return how.oneOf(
                "server", running.isEmpty() ? all : running, s -> s.key().toString());
    }

    private SimulatedServer anyReplica(Choices how) {
        List<SimulatedServer> all = new ArrayList<>(world.servers().all());
        all.remove(0);
        return running(how, all);
    }

    /** Where little has gone wrong until now nothing more does; returns whether that is so. */
    boolean spareTheRest() {
        spared = struck <= 2;
        return spared;
    }

    /** Whether one thing at most has gone wrong until now. */
    boolean isSingle() {
        return struck <= 1;
    }

    private boolean killPrimary(Choices how) {
        // A marked world is about one cell: of a rack that dies in a switchover nobody says yet that no writer is left.
        if (world.fate().isRackHit(how, marks.isOn() ? NEVER : 2)) {
            struck++;
            world.fate().goDark(how, s -> kill(s, how));
            return true;
        }
        return kill(primary(), how);
    }

    private boolean kill(SimulatedServer server, Choices how) {
        long up = world.with(Running.UP).size();
        if (server.process() == Running.DOWN || (server.process() == Running.UP && up <= 2)) {
            return false;
        }
        world.story().tell(() -> server.key() + " is killed");
        server.kill();
        how.seldomBetween(server.key() + " starts after", 3, Duration.ofSeconds(2), Duration.ofSeconds(20))
                .ifPresent(after -> world.events().in(after, () -> start(server)));
        return true;
    }

    private boolean restart(SimulatedServer server, Choices how) {
        boolean ran = server.process() != Running.DOWN;
        world.story().tell(() -> server.key() + " is killed and restarted by its supervisor");
        server.kill();
        long down = how.between("down for", Duration.ofMillis(50), Duration.ofMillis(1800));
        world.events().in(down, () -> start(server));
        return ran;
    }

    private void start(SimulatedServer server) {
        world.story().tell(() -> server.key() + " starts");
        server.start();
    }

    private boolean freeze(SimulatedServer server, Choices how) {
        boolean ran = server.process() == Running.UP;
        world.story().tell(() -> server.key() + " freezes");
        server.freeze();
        world.events().in(how.between("frozen for", Duration.ofMillis(200), Duration.ofSeconds(14)), () -> {
            world.story().tell(() -> server.key() + " is thawed");
            server.thaw();
        });
        return ran;
    }

    private boolean lock(SimulatedServer server, Choices how) {
        world.story().tell(() -> server.key() + " is locked: nothing is applied");
        server.obstacles().lock();
        world.events().in(how.between("locked for", Duration.ofMillis(200), Duration.ofSeconds(6)), () -> {
            world.story().tell(() -> server.key() + " is unlocked");
            server.obstacles().unlock();
        });
        return true;
    }

    private boolean killNode(SimulatedService node, Choices how) {
        long alive = world.nodes().stream().filter(n -> n.process().isAlive()).count();
        if (alive <= 1 || !node.process().isAlive()) {
            return false;
        }
        world.story().tell(() -> node.process().name() + " is killed");
        node.process().kill();
        world.chores().gone();
        world.fate().besideService(how).ifPresent(s -> freeze(s, how));
        return true;
    }

    private boolean pauseNode(SimulatedService node, Choices how, Duration atLeast) {
        boolean ran = node.process().runs();
        world.story().tell(() -> node.process().name() + " is paused");
        node.process().pause();
        world.fate().besideService(how).ifPresent(s -> freeze(s, how));
        world.events().in(how.between("paused for", atLeast, Duration.ofSeconds(8)), () -> {
            world.story().tell(() -> node.process().name() + " goes on");
            node.process().goOn();
        });
        return ran;
    }
}
