package dev.orchestrator.simulation;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.backend.SimulatedBackend;
import dev.orchestrator.simulation.kind.ServerKind;
import dev.orchestrator.simulation.kind.ServerSettings;
import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.node.OrderWatcher;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.node.Watcher;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.plan.SchedulePlan;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.server.SimulatedServers;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** One world, from its seed to its end: a topology under writes, services that watch it, and what goes wrong. */
public final class Schedule {
    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Duration TROUBLE = Duration.ofSeconds(12);
    private static final int BRIEF = 500;
    private static final Duration AFTERWARDS = Duration.ofMinutes(2);

    private final EventQueue events = new EventQueue();
    private final Dice dice;
    private final Network network;
    private final SimulatedServers servers;
    private final SimulatedBackend backend;
    private final List<SimulatedService> nodes = new ArrayList<>();
    private final Writer writer;
    private final Story story;
    private final Script script;
    private final Coverage coverage;
    private final Fate fate;
    private final Variety variety;
    private final Refusal refusal;
    private final Chains chains;
    private final Shapes shapes;
    private final Wiring wiring;
    private final MustNot mustNot;
    private final Flavor flavor;
    private final Ailments ailments;
    private final Neighbour neighbour;
    private final Operators operators;
    private final Faults faults;
    private final Rebuilders rebuilders;
    private final Chores chores;
    private final Invariants invariants;
    private final EffectWords words = new EffectWords();
    private final Set<String> refusals = new HashSet<>();

    /**
     * A world that has not begun.
     *
     * @param seed of everything that is random in it
     * @param coverage counts what happened
     * @param told whether its story is kept
     */
    public Schedule(long seed, Coverage coverage, boolean told) {
        this(SchedulePlan.ofSeed(seed), coverage, told, Engine.DELIVERED);
    }

    /**
     * A world that has not begun, is made of what it is told, and runs what it is given.
     *
     * @param plan what it is made of and what goes wrong
     * @param coverage counts what happened
     * @param told whether its story is kept
     * @param engine what its services run
     */
    public Schedule(SchedulePlan plan, Coverage coverage, boolean told, Engine engine) {
        this.coverage = coverage;
        this.dice = new Dice(plan.seed());
        this.script = new Script(plan, dice);
        this.network = new Network(events, dice);
        this.servers = new SimulatedServers(events, dice, network);
        this.backend = new SimulatedBackend(events, dice, network, engine.fences());
        this.story = new Story(events, told);
        this.fate = new Fate(this, plan.seed(), script.world());
        this.variety = new Variety(plan.seed(), script.world());
        this.refusal = new Refusal(this, plan.seed(), script.world());
        this.wiring = new Wiring(servers, plan.seed(), script.world());
        this.mustNot = new MustNot(this, plan.seed());
        this.flavor = new Flavor(this, plan.seed(), script.world());
        this.ailments = new Ailments(this, plan.seed(), script.world(), flavor.isMariaDb());
        this.neighbour = new Neighbour(this, plan.seed(), script.world());
        this.chains = new Chains(this, plan.seed(), script.world());
        this.shapes = new Shapes(plan.seed(), script.world());
        Marks marks = new Marks(plan.seed());
        InstanceKey primary = topology(script.world(), marks);
        wiring.complete();
        mustNot.complete(script.world());
        ailments.complete();
        neighbour.complete();
        this.writer = new Writer(events, dice, network, servers, primary, variety::schema);
        OrchestratorConfig config = OrchestratorConfig.builder()
                .primaryRecoveryFilters(List.of("*"))
                .intermediateRecoveryFilters(List.of("*"))
                .pollInterval(Duration.ofSeconds(1))
                .build();
        SimulatedService.World world =
                new SimulatedService.World(events, network, servers, backend, new Watching(), engine);
        int needed = marks.needsServices();
        int services = script.world().number("services", needed, 4 - needed);
        for (int i = 1; i <= services; i++) {
            SimulatedService node = new SimulatedService("node" + i, world, dice, config);
            node.process().drift(1 + (dice.number(41) - 20) / 1000.0);
            nodes.add(node);
        }
        this.operators = new Operators(this, marks.needsOrder());
        this.faults = new Faults(this, new Aim(plan.seed()), marks, operators.giveOrders());
        this.rebuilders = new Rebuilders(this, plan.seed(), script.world());
        this.chores = new Chores(this, plan.seed());
        this.invariants = new Invariants(this, CALM.plus(TROUBLE));
    }

    private InstanceKey topology(Choices chosen, Marks marks) {
        int least = marks.needsServers();
        int size = shapes.size(chosen.number("servers", least, 8 - least));
        boolean semiSync = chosen.once("semi-sync", marks.needsSemiSync() ? 1 : 3);
        List<InstanceKey> keys = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            InstanceKey key = new InstanceKey("db" + (i + 1), 3306);
            String uuid = UUID.nameUUIDFromBytes(key.hostname().getBytes(StandardCharsets.UTF_8))
                    .toString();
            ServerSettings settings = ServerSettings.ordinary(key, uuid)
                    .restarting(
                            i > 0,
                            chosen.once(key.hostname() + " starts without replication", 4)
                                    || (i == 0 && wiring.isLeftover()),
                            chosen.once(key.hostname() + " recovers relay logs", 2));
            if (semiSync) {
                boolean forEver = chosen.once(key.hostname() + " waits for ever", 2);
                settings = settings.withSemiSync(1, forEver ? Duration.ofDays(30) : Duration.ofSeconds(1), i == 0);
                settings = i > 1 && fate.isAloneInAcknowledging() ? settings.withoutAcknowledging() : settings;
            }
            InstanceKey source = i == 0 ? null : sourceOf(chosen, key, keys, size, marks);
            String host = key.hostname();
            int place = i;
            ServerKind above =
                    source == null ? null : servers.get(source).settings().kind();
            SimulatedServer server = servers.add(settings.of(flavor.of(() -> variety.of(host, place, above))));
            GtidSet begin = GtidSet.parse(UUID.nameUUIDFromBytes("db1".getBytes(StandardCharsets.UTF_8)) + ":1-10");
            server.begin(begin);
            keys.add(key);
            if (source != null) {
                server.replicateFrom(source);
                if (i > 2 && i == size - 1 && fate.isLastStanding()) {
                    server.replication().stand();
                }
            }
        }
        return keys.get(0);
    }

    private InstanceKey sourceOf(Choices chosen, InstanceKey next, List<InstanceKey> before, int size, Marks marks) {
        InstanceKey usual = shapes.source(next, before, sourceOfNext(chosen, next, before, marks));
        InstanceKey source = chains.source(before.size(), size, before, usual);
        shapes.placed(next, source);
        return source;
    }

    /** Most replicate from the primary, some from a replica before them. */
    private static InstanceKey sourceOfNext(Choices chosen, InstanceKey next, List<InstanceKey> before, Marks marks) {
        Optional<InstanceKey> below = before.size() > 1
                ? chosen.seldomOneOf(
                        next.hostname() + " below",
                        marks.needsChain() ? 2 : 4,
                        before.subList(1, before.size()),
                        InstanceKey::hostname)
                : Optional.empty();
        return below.orElse(before.get(0));
    }

    /**
     * Runs it from its beginning to its end.
     *
     * @return why nothing was done where nothing was done
     * @throws Violation when something was seen that must never be
     */
    public Set<String> run() {
        chains.begin(CALM);
        nodes.forEach(SimulatedService::start);
        writer.start();
        neighbour.begin();
        refusal.begin();
        until(CALM);
        story.tell(() -> "all is well: " + new WorldSummary(this));
        operators.begin(TROUBLE);
        chores.begin(TROUBLE);
        faults.begin(TROUBLE, refusal.isAlone());
        until(CALM.plus(TROUBLE));
        faults.end();
        refusal.end();
        rebuilders.begin();
        long end = CALM.plus(TROUBLE).plus(AFTERWARDS).toNanos();
        // Twice in a row: what is on its way to the backend then is in it.
        boolean before = false;
        while (events.now() < end) {
            boolean converged = invariants.isConverged();
            if (converged && before && rebuilders.isOver() && chores.isOver()) {
                break;
            }
            before = converged;
            until(Duration.ofNanos(
                    Math.min(end, events.now() + Duration.ofSeconds(1).toNanos())));
        }
        writer.stop();
        neighbour.end();
        story.tell(() -> "at the end: " + new WorldSummary(this));
        invariants.atTheEnd();
        return refusals;
    }

    private void until(Duration time) {
        while (events.step(time.toNanos())) {
            invariants.afterEachEvent();
        }
    }

    /** Whether one thing at most has gone wrong in a world that is left to itself otherwise, all of whose replicas are well. */
    boolean isSingleFault() {
        return faults.isSingle()
                && !operators.giveOrders()
                && !fate.isLastStanding()
                && !variety.isDifferent()
                && !refusal.happens()
                && !rebuilders.areInclined()
                && !wiring.isAggregating()
                && !ailments.areThere()
                && !flavor.isMariaDb()
                && !mustNot.isRegistered()
                && !chains.areBuilt()
                && !chores.areAny();
    }

    EventQueue events() {
        return events;
    }

    Dice dice() {
        return dice;
    }

    Script script() {
        return script;
    }

    /**
     * What it was made of and what went wrong, so that it can be said: another world that is told the same is the same.
     *
     * @return as far as it has come
     */
    public SchedulePlan plan() {
        return script.said();
    }

    Faults faults() {
        return faults;
    }

    Fate fate() {
        return fate;
    }

    Network network() {
        return network;
    }

    SimulatedServers servers() {
        return servers;
    }

    SimulatedBackend backend() {
        return backend;
    }

    List<SimulatedService> nodes() {
        return nodes;
    }

    Chains chains() {
        return chains;
    }

    Wiring wiring() {
        return wiring;
    }

    MustNot mustNot() {
        return mustNot;
    }

    Neighbour neighbour() {
        return neighbour;
    }

    /** Those of the cluster that this world is about. */
    List<RecoveryRecord> recoveries() {
        return backend.rows().recoveries().stream()
                .filter(r -> !servers.isOutside(r.failed()))
                .toList();
    }

    Ailments ailments() {
        return ailments;
    }

    Rebuilders rebuilders() {
        return rebuilders;
    }

    Chores chores() {
        return chores;
    }

    Writer writer() {
        return writer;
    }

    Coverage coverage() {
        return coverage;
    }

    /**
     * What happened.
     *
     * @return its story
     */
    public Story story() {
        return story;
    }

    /** Somebody orders something; returns what is to be done when the outcome is told. */
    Runnable ordered() {
        return invariants.ordered();
    }

    /** An order names who is to take over. */
    void named(InstanceKey successor) {
        invariants.named(successor);
        ailments.named(successor);
    }

    /** Something goes wrong. */
    void disturbed() {
        invariants.disturbed();
    }

    List<SimulatedServer> with(Running process) {
        return servers.all().stream().filter(s -> s.process() == process).toList();
    }

    /** Hears what services do. */
    private final class Watching implements Watcher {
        @Override
        public void effect(SimulatedService node, String procedure, Effect effect, boolean before) {
            String name = EffectWords.name(effect);
            if (before && story.isKept()) {
                tell(node.process().name() + ": " + procedure, effect, name);
            }
            chores.atEffect(node, procedure, effect, name, before);
            faults.atEffect(node, procedure, name, before);
        }

        private void tell(String who, Effect effect, String name) {
            words.action(effect)
                    .ifPresentOrElse(
                            action -> story.tell(() -> who + ": " + action, () -> " | " + name),
                            () -> story.detail(() -> who + " | " + name));
        }

        @Override
        public void began(SimulatedService node, RecoveryRecord record, boolean resumed) {
            story.tell(() -> node.process().name() + (resumed ? " goes on with " : " begins ") + record.uid() + ": "
                    + what(record) + (resumed ? ", successor " + record.successor() : ""));
            invariants.oneIsActive();
            if (!neighbour.has(record.failed())) {
                flavor.began(record);
                invariants.began(node, record, resumed);
                chores.errands().custody().began(record, resumed);
            }
        }

        private static String what(RecoveryRecord record) {
            return record.type() == RecoveryType.SWITCHOVER
                    ? "switchover of " + record.failed()
                    : record.analysis() + " of " + record.failed();
        }

        @Override
        public void ended(SimulatedService node, State state) {
            story.tell(() -> node.process().name() + ": " + state.record().uid() + " ends: " + state.end()
                    + ", successor " + state.record().successor()
                    + state.record().errors().stream().map(e -> "; " + e).collect(Collectors.joining()));
            if (neighbour.has(state.record().failed())) {
                return;
            }
            invariants.ended(state);
            chores.errands().cancels().over(node, state.record().uid(), state);
            ailments.ended(state);
            rebuilders.ended(state);
            // Nothing fences a former primary after a switchover: whoever keeps its configuration file sees to it.
            if (state.record().type() == RecoveryType.SWITCHOVER && state.end() == Effect.End.SUCCEEDED) {
                servers.get(state.record().failed()).startReadOnly();
            }
        }

        @Override
        public OrderWatcher orders() {
            return chores.errands();
        }

        @Override
        public void refused(SimulatedService node, Decision decision) {
            decision.refusal().ifPresent(v -> {
                if (decision.analysis() != null
                        && neighbour.has(decision.analysis().instance())) {
                    neighbour.refused(decision, v);
                } else {
                    flavor.refused(v);
                    invariants.refused(decision, v);
                }
                if (decision.analysis() != null) {
                    invariants.explained(decision.analysis(), v.refusal());
                }
                if (refusals.add(v.refusal() + ": " + v.gate())) {
                    boolean brief = v.facts().length() <= BRIEF;
                    story.tell(
                            () -> node.process().name() + " refuses " + what(decision) + ": " + v.refusal() + ": "
                                    + (brief ? v.facts() : v.gate()),
                            () -> brief ? "" : ": " + v.facts());
                }
            });
        }

        private static String what(Decision decision) {
            FailureAnalysis finding = decision.analysis();
            return finding == null ? "what was ordered" : finding.code() + " of " + finding.instance();
        }

        @Override
        public void warned(SimulatedService node, FailureAnalysis finding) {
            invariants.explained(finding, null);
        }

        @Override
        public void told(SimulatedService node, String text) {
            rebuilders.told(text);
            chores.errands().custody().told(text);
            story.tell(() -> node.process().name() + ": " + text);
        }

        @Override
        public void promoted(SimulatedService node, InstanceKey primary) {
            story.tell(() -> node.process().name() + " tells that " + primary + " is the primary");
            if (neighbour.has(primary)) {
                neighbour.promoted(primary);
                return;
            }
            invariants.promoted(primary);
            events.in(dice.quick(Duration.ofMillis(5), Duration.ofSeconds(2)), () -> writer.switchTo(primary));
        }
    }
}
