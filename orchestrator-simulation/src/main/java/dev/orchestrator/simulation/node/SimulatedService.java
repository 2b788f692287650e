package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.backend.Rows;
import dev.orchestrator.simulation.backend.SimulatedBackend;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServers;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One service: stands for the lease; while it leads, it polls, analyses, recovers and fences. Everything that is decided
 * is decided by the engine's own code. Not thread-safe.
 */
public final class SimulatedService {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(800);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final NodeProcess process;
    private final World world;
    private final Stamps stamps;
    private final SimulatedLeadership leadership;
    private final Gateway gateway;
    private final OrchestratorConfig config;
    private final Detecting detecting;
    private final SimulatedRecoveries recoveries;
    private final SimulatedRecoveryRuns runs;
    private final Interrupted interrupted;
    private final Orders orders;
    private final RunningHere underWay;
    private final Fencing fencing;
    private Snapshot snapshot;
    private final Map<InstanceKey, Boolean> polled = new HashMap<>();
    private final Set<InstanceKey> held = new HashSet<>();
    private List<Fence> fences = List.of();
    private Intents intents = Intents.NONE;
    private long tenure;

    /**
     * What a service lives in.
     *
     * @param events time
     * @param network the ways
     * @param servers the servers
     * @param backend the backend
     * @param watcher hears of what services do
     * @param engine what services run
     */
    public record World(
            EventQueue events,
            Network network,
            SimulatedServers servers,
            SimulatedBackend backend,
            Watcher watcher,
            Engine engine) {}

    /**
     * A service that has not started.
     *
     * @param name its host
     * @param world what it lives in
     * @param dice chance
     * @param config its configuration
     */
    public SimulatedService(String name, World world, Dice dice, OrchestratorConfig config) {
        this.process = new NodeProcess(name, world.events());
        this.stamps = new Stamps(process);
        this.world = world;
        this.config = config;
        this.gateway = new Gateway(
                process,
                world.events(),
                world.network(),
                world.servers(),
                world.engine().read(),
                stamps);
        this.leadership = new SimulatedLeadership(process, world.backend(), dice, this::elected);
        this.snapshot = new Snapshot(name);
        this.detecting = new Detecting(this);
        this.recoveries = new SimulatedRecoveries(this);
        this.runs = new SimulatedRecoveryRuns(this);
        this.interrupted = new Interrupted(this);
        this.orders = new Orders(this);
        this.underWay = new RunningHere(this);
        this.fencing = new Fencing(this);
    }

    /**
     * Its process.
     *
     * @return to pause and kill it by
     */
    public NodeProcess process() {
        return process;
    }

    /** Starts. */
    public void start() {
        leadership.turn();
    }

    /**
     * Whether it leads, as far as it knows.
     *
     * @return true while it may act
     */
    public boolean leads() {
        return process.runs() && leadership.until().isPresent();
    }

    /**
     * What it finds wrong at present.
     *
     * @return findings of all clusters
     */
    public List<FailureAnalysis> findings() {
        return detecting.findings();
    }

    World world() {
        return world;
    }

    Stamps stamps() {
        return stamps;
    }

    SimulatedLeadership leadership() {
        return leadership;
    }

    Detecting detecting() {
        return detecting;
    }

    List<Fence> fences() {
        return fences;
    }

    Intents intents() {
        return intents;
    }

    Gateway gateway() {
        return gateway;
    }

    OrchestratorConfig config() {
        return config;
    }

    /**
     * The servers as it knows them.
     *
     * @return its snapshot
     */
    public Fleet fleet() {
        return snapshot.current();
    }

    SimulatedRecoveries recoveries() {
        return recoveries;
    }

    SimulatedRecoveryRuns runs() {
        return runs;
    }

    RunningHere underWay() {
        return underWay;
    }

    Fencing fencing() {
        return fencing;
    }

    /**
     * An operator orders something of this service, whether or not it leads.
     *
     * @param operation what
     * @param told what came of it, for people; never told when the service vanishes
     */
    public void order(Operation operation, Consumer<OrderOutcome> told) {
        process.happen(() -> look(() -> orders.give(operation, told)));
    }

    /**
     * An operator orders of this service that a failed server is recovered.
     *
     * @param failed the server
     * @param successor the replica to promote, null to choose
     * @param told what came of it; never told when the service vanishes
     */
    public void recover(InstanceKey failed, @Nullable InstanceKey successor, Consumer<OrderOutcome> told) {
        process.happen(() -> look(() -> orders.recover(failed, successor, told)));
    }

    /**
     * Which change of it such a procedure is run for.
     *
     * @param procedure as it is called where its effects are told
     * @return its identity; empty when there is none
     */
    public Optional<String> running(String procedure) {
        return underWay.running(procedure);
    }

    /**
     * The changes that it makes.
     *
     * @return their identities
     */
    public List<String> running() {
        return underWay.all();
    }

    /**
     * An operator orders of this service that a change shall stop, whoever makes it.
     *
     * @param uid its identity
     */
    public void cancel(String uid) {
        process.happen(() -> underWay.cancel(uid));
    }

    /** One that does not lead looks at what the leader has stored. */
    private void look(Runnable then) {
        if (leads()) {
            then.run();
            return;
        }
        long asked = process.nanos();
        ask(Stored::in, answer -> {
            answer.filter(stored -> !leads()).ifPresent(stored -> load(stored, asked));
            then.run();
        });
    }

    private void load(Stored stored, long asked) {
        if (stamps.areOld()) {
            stamps.told(stored.shown(), asked);
        }
        stamps.set();
        stamps.saw(stored.fleet().members());
        snapshot.load(stored.fleet(), stamps.instant());
        fences = stored.fences();
        intents = stored.intents();
        snapshot.fences(fences);
    }

    private record Stored(Fleet fleet, List<Fence> fences, Intents intents, Instant shown) {
        static Stored in(Rows rows, long now) {
            return new Stored(rows.fleet(), rows.fences(), rows.intents(now), EventQueue.at(now));
        }
    }

    private void elected() {
        world.watcher().told(this, "leads");
        lead();
    }

    /** It has just become the leader: it goes on with what is stored. */
    private void lead() {
        long mine = ++tenure;
        long asked = process.nanos();
        world.backend()
                .<Stored>call(
                        process.name(),
                        rows -> Stored.in(rows, world.backend().now()),
                        answer -> process.happen(() -> {
                            if (mine != tenure) {
                                return;
                            }
                            if (answer.isEmpty() || !leads()) {
                                process.in(AGAIN, () -> leadAgain(mine));
                                return;
                            }
                            load(answer.get(), asked);
                            polled.clear();
                            world.servers().all().forEach(s -> poll(s.key(), mine));
                            world.servers().outside().forEach(s -> poll(s.key(), mine));
                            tick(mine);
                        }));
    }

    /** The lease may have been away for a moment. */
    private void leadAgain(long mine) {
        if (mine != tenure) {
            return;
        }
        if (leads()) {
            lead();
        } else {
            process.in(AGAIN, () -> leadAgain(mine));
        }
    }

    /** Each second: what the backend says, interrupted recoveries, fences. */
    private void tick(long mine) {
        if (mine != tenure) {
            return;
        }
        process.in(Duration.ofSeconds(1), () -> tick(mine));
        Lease lease = leadership.lease().orElse(null);
        if (lease == null) {
            return;
        }
        Fleet stored = snapshot.current();
        long asked = process.nanos();
        ask(
                (rows, now) -> {
                    if (rows.isWritable()) {
                        rows.store(stored, lease, now);
                    }
                    return new Told(
                            rows.fences(), rows.recoveries(), rows.shown(), rows.intents(now), EventQueue.at(now));
                },
                answer -> answer.filter(told -> mine == tenure).ifPresent(told -> told(told, asked)));
    }

    private record Told(
            List<Fence> fences,
            List<RecoveryRecord> recoveries,
            List<FleetMember> shown,
            Intents intents,
            Instant time) {}

    private void told(Told told, long asked) {
        if (stamps.areOld()) {
            stamps.told(told.time(), asked);
        }
        stamps.saw(told.shown());
        fences = told.fences();
        intents = told.intents();
        snapshot.fences(fences);
        detecting.changed(snapshot.takeIn(told.shown()));
        fencing.tick(fences, told.recoveries());
        interrupted.tick(told.recoveries());
        recoveries.explain();
    }

    /** Shows servers, as they were read here, to whoever leads, or will. */
    void show(Collection<InstanceKey> keys) {
        keys.stream()
                .flatMap(k -> fleet().member(k).stream())
                .filter(FleetMember::isReachable)
                .forEach(m -> write((rows, now) -> rows.show(m), written -> {}));
    }

    /** A promoted server is shown until the backend has it. */
    void showUntilWritten(InstanceKey key) {
        fleet().member(key)
                .ifPresent(m -> write((rows, now) -> rows.show(m), written -> {
                    if (written.isEmpty()) {
                        process.in(AGAIN, () -> showUntilWritten(key));
                    }
                }));
    }

    private void poll(InstanceKey key, long mine) {
        if (mine != tenure) {
            return;
        }
        if (leadership.until().isEmpty()) {
            process.in(config.pollInterval(), () -> poll(key, mine));
            return;
        }
        if (Boolean.TRUE.equals(polled.put(key, true))) {
            return;
        }
        gateway.probe(key, POLL_TIMEOUT, observation -> {
            polled.put(key, false);
            if (mine == tenure) {
                take(observation);
                hold(key, observation);
                process.in(config.pollInterval(), () -> poll(key, mine));
            }
        });
    }

    /** A connection is held on each server that answers; when it breaks, the server is polled at once. */
    private void hold(InstanceKey key, Observation observation) {
        boolean answers = observation.match(seen -> true, failed -> false);
        if (answers && held.add(key)) {
            SimulatedServer server = world.servers().get(key);
            server.onEnd(() ->
                    world.network().send(key.hostname(), process.name(), () -> process.happen(() -> suspect(key))));
        }
    }

    /** Something speaks against a server: it is read at once. */
    void suspect(InstanceKey key) {
        held.remove(key);
        if (leads()) {
            refresh(List.of(key), POLL_TIMEOUT, () -> {});
        }
    }

    /** Reads a server anew. */
    void read(InstanceKey key, Duration patience, Consumer<Observation> told) {
        gateway.probe(key, patience, observation -> {
            take(observation);
            told.accept(observation);
        });
    }

    /** Reads servers anew and goes on when all have been read, or were not in time. */
    void refresh(List<InstanceKey> keys, Duration patience, Runnable then) {
        Set<InstanceKey> left = new HashSet<>(keys);
        if (left.isEmpty()) {
            then.run();
            return;
        }
        for (InstanceKey key : List.copyOf(left)) {
            gateway.probe(key, patience, observation -> {
                take(observation);
                left.remove(key);
                if (left.isEmpty()) {
                    then.run();
                }
            });
        }
    }

    /** What commands that have worked made of a server. */
    void became(Instance server) {
        take(new Observation.Seen(server, stamps.instant(), Duration.ZERO));
    }

    private void take(Observation observation) {
        detecting.changed(snapshot.observe(observation, stamps.instant()));
    }

    /** Has a statement carried out at the backend's time; the answer is empty when none came. */
    <T> void ask(BiFunction<Rows, Long, T> statement, Consumer<Optional<T>> told) {
        world.backend()
                .<T>call(
                        process.name(),
                        rows -> statement.apply(rows, world.backend().now()),
                        answer -> process.happen(() -> told.accept(answer)));
    }

    /** Writes something on a condition. */
    void write(BiFunction<Rows, Long, Boolean> statement, Consumer<Optional<Boolean>> told) {
        ask(statement, told);
    }
}
