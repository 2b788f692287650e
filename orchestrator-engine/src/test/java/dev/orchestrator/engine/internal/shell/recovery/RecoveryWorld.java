package dev.orchestrator.engine.internal.shell.recovery;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.Node;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.config.OrchestratorConfigBuilder;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.Reanalysis;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.execution.RunRegistry;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.engine.internal.shell.lock.OperationLocks;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One node that leads, on a scripted fleet and a backend in memory. */
final class RecoveryWorld implements AutoCloseable {
    static final Actor OPERATOR = new Actor("alice", Origin.CLI, "node1");
    private static final Duration TTL = Duration.ofMinutes(5);

    final ScriptedFleet servers;
    final InMemoryBackend backend;
    final OperationLocks locks;
    final RecoveryCoordinator coordinator;
    final RecoveryPorts ports;
    final List<OrchestratorEvent> events = new CopyOnWriteArrayList<>();
    final List<AuditEntry> audit = new CopyOnWriteArrayList<>();
    /** What detection is to have found last. */
    final List<FailureAnalysis> found = new CopyOnWriteArrayList<>();

    private volatile @Nullable Lease lease;

    RecoveryWorld(int replicas) {
        this(replicas, c -> c);
    }

    RecoveryWorld(int replicas, UnaryOperator<OrchestratorConfigBuilder> settings) {
        this(new ScriptedFleet(replicas), InMemoryBackend.onSystemClock(), "node1", settings);
    }

    RecoveryWorld(
            ScriptedFleet servers,
            InMemoryBackend backend,
            String node,
            UnaryOperator<OrchestratorConfigBuilder> settings) {
        this(servers, backend, node, settings, backend.fences());
    }

    RecoveryWorld(
            ScriptedFleet servers,
            InMemoryBackend backend,
            String node,
            UnaryOperator<OrchestratorConfigBuilder> settings,
            FenceStore fences) {
        this.servers = servers;
        this.backend = backend;
        this.lease = backend.leases().seize("leader", node, TTL);
        OrchestratorConfig config = settings.apply(OrchestratorConfig.builder()
                        .nodeName(node)
                        .primaryRecoveryFilters(List.of("*"))
                        .drainTimeout(Duration.ofSeconds(10)))
                .build();
        locks = new OperationLocks(backend.locks(), audit::add, Duration.ofSeconds(30), Ticker.system());
        ports = new RecoveryPorts(
                config,
                node,
                node + "-token",
                servers,
                servers,
                backend.recoveries(),
                fences,
                backend.intents(),
                locks,
                this::held,
                events::add,
                audit::add,
                new RunRegistry(
                        backend.runs(),
                        audit::add,
                        new Node(node, node + "-token", "", "", "", Instant.EPOCH, Instant.EPOCH),
                        InstantSource.system(),
                        Ticker.system()),
                new Reanalysis() {
                    @Override
                    public Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey instance) {
                        return unlessFenced(fleet, instance);
                    }

                    @Override
                    public List<FailureAnalysis> findings() {
                        return List.copyOf(found);
                    }
                },
                new Clocks(InstantSource.system(), InstantSource.system(), Ticker.system()));
        coordinator = new RecoveryCoordinator(ports, null);
    }

    RecoveryWorld(ScriptedFleet servers) {
        this(servers, InMemoryBackend.onSystemClock(), "node1", c -> c);
    }

    /** The right of this node's leadership. */
    Authority authority() {
        return Authority.ofLease(ports.leadership(), Objects.requireNonNull(lease));
    }

    boolean warmUp() {
        return new WarmUp(ports.config(), ports.clocks(), ForkJoinPool.commonPool()).run();
    }

    /** Another node on the same servers and backend, which takes leadership. */
    RecoveryWorld successor() {
        return new RecoveryWorld(servers, backend.anotherNode(), "node2", c -> c);
    }

    private Optional<Leadership.Held> held() {
        return Optional.ofNullable(lease)
                .map(l -> new Leadership.Held(
                        l, Ticker.system().nanos() + Duration.ofSeconds(2).toNanos()));
    }

    /** This node does not lead any more, by its own clock. */
    void depose() {
        lease = null;
    }

    static Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey key) {
        return fleet.member(key)
                .filter(m -> !m.isReachable())
                .filter(m -> !fleet.replicasOf(key).isEmpty())
                .map(m -> finding(fleet, m));
    }

    /** As detection's rules have it: a server under a fence is nobody's primary. */
    private Optional<FailureAnalysis> unlessFenced(Fleet fleet, InstanceKey key) {
        boolean fenced = fleet.instance(key)
                .filter(i -> backend.fences().standing().stream()
                        .anyMatch(f -> f.serverUuid().equals(i.serverUuid())))
                .isPresent();
        return analyze(fleet, key)
                .map(f -> new FailureAnalysis(
                        f.code(),
                        f.instance(),
                        f.source(),
                        f.cluster(),
                        f.primary(),
                        f.coPrimary(),
                        f.reachable(),
                        f.actionable() && !fenced,
                        f.downtimed(),
                        f.depth(),
                        f.counts(),
                        f.replicas(),
                        f.warnings(),
                        f.evidence()));
    }

    private static FailureAnalysis finding(Fleet fleet, FleetMember m) {
        List<InstanceKey> replicas =
                fleet.replicasOf(m.key()).stream().map(FleetMember::key).toList();
        int reachable = (int) fleet.replicasOf(m.key()).stream()
                .filter(FleetMember::isReachable)
                .count();
        return new FailureAnalysis(
                reachable == replicas.size() ? AnalysisCode.DEAD_PRIMARY : AnalysisCode.DEAD_PRIMARY_AND_SOME_REPLICAS,
                m.key(),
                null,
                m.cluster(),
                true,
                false,
                false,
                true,
                false,
                0,
                new ReplicaCounts(replicas.size(), reachable, 0, reachable, 0, 0, 0, reachable, 0, 0, reachable, 0, 1),
                replicas,
                List.of(),
                List.of("scripted"));
    }

    FailureAnalysis finding() {
        return analyze(servers.current(), servers.primary).orElseThrow();
    }

    /** Tells the coordinator of the dead primary, as detection would. */
    void report() {
        coordinator.handle(List.of(finding()));
    }

    List<RecoveryRecord> records() {
        return backend.recoveries().find(RecoveryFilter.all(0, 100));
    }

    /** The newest record, once it has ended. */
    Optional<RecoveryRecord> ended() {
        return records().stream().findFirst().filter(r -> !r.isActive());
    }

    RecoveryRecord record() {
        return requireNonNull(records().get(0));
    }

    /** Waits until the newest recovery has ended. */
    RecoveryRecord awaitEnd() {
        await().atMost(Duration.ofSeconds(20)).until(() -> ended().isPresent());
        return record();
    }

    /** Reads all servers, as discovery does. */
    void readAll() {
        servers.refresh(servers.keys(), Duration.ZERO);
    }

    @Override
    public void close() {
        coordinator.close();
        locks.close();
    }
}
