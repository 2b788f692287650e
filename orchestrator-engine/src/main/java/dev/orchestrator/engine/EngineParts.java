package dev.orchestrator.engine;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.Node;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistory;
import dev.orchestrator.engine.internal.core.analysis.DetectionHistoryTracker;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.detection.DoubtSettings;
import dev.orchestrator.engine.internal.core.leader.LeaseSettings;
import dev.orchestrator.engine.internal.mysql.GatewayOptions;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.engine.internal.shell.audit.AuditWriter;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.engine.internal.shell.audit.EventBus;
import dev.orchestrator.engine.internal.shell.detection.DetectionPorts;
import dev.orchestrator.engine.internal.shell.detection.FailureWatch;
import dev.orchestrator.engine.internal.shell.discovery.Discovery;
import dev.orchestrator.engine.internal.shell.discovery.DiscoveryPorts;
import dev.orchestrator.engine.internal.shell.discovery.FleetPublisher;
import dev.orchestrator.engine.internal.shell.execution.Reanalysis;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.execution.RunRegistry;
import dev.orchestrator.engine.internal.shell.intent.OperatorIntents;
import dev.orchestrator.engine.internal.shell.leader.LeaseKeeper;
import dev.orchestrator.engine.internal.shell.leader.NodeRegistration;
import dev.orchestrator.engine.internal.shell.leader.ThisNode;
import dev.orchestrator.engine.internal.shell.lock.OperationLocks;
import dev.orchestrator.engine.internal.shell.operation.OperatorOperations;
import dev.orchestrator.engine.internal.shell.recovery.RecoveryCoordinator;
import dev.orchestrator.engine.internal.shell.recovery.SelfHostedBackendAccess;
import dev.orchestrator.engine.internal.shell.schedule.Clocks;
import dev.orchestrator.engine.internal.shell.schedule.ReadingClock;
import dev.orchestrator.engine.internal.shell.selfhosted.SelfHostedBackend;
import dev.orchestrator.spi.InstanceGateway;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of one engine, and how they hang together. */
final class EngineParts implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EngineParts.class);
    private static final String LEASE = "leader";

    private final EngineInputs inputs;
    private final Node node;
    private final InstanceGateway gateway;
    private final @Nullable InstanceGateway ownGateway;
    private final EventBus events = new EventBus();
    private final AuditWriter audit;
    /** Stamps readings, in the order of all nodes, and tells their age. */
    private final ReadingClock readingClock;

    private final LeaseKeeper lease;
    private final SelfHostedBackend home;
    private final OperationLocks locks;
    private final NodeRegistration registration;
    private final Discovery discovery;
    private final FailureAnalyzer analyzer;
    private final FailureWatch watch;
    private final RecoveryCoordinator recovery;
    private final FleetPublisher snapshot;
    private final OperatorOperations operations;
    private final OperatorIntents intents;
    private final RunRegistry runs;

    // Parts are handed methods of this one while others are still to be made: none of them is called before start().
    EngineParts(EngineInputs inputs) {
        this.inputs = inputs;
        this.readingClock = new ReadingClock(inputs.clock(), inputs.ticker());
        OrchestratorConfig config = inputs.config();
        this.node = ThisNode.describe(
                config.nodeName(),
                inputs.command(),
                inputs.backend().describe(),
                inputs.clock().instant());
        this.ownGateway = inputs.gateway() == null ? builtInGateway() : null;
        this.gateway = Objects.requireNonNullElse(inputs.gateway(), ownGateway);
        this.audit = new AuditWriter(inputs.backend().audit());
        this.runs = new RunRegistry(inputs.backend().runs(), audit, node, inputs.clock(), inputs.ticker());
        this.lease = new LeaseKeeper(
                inputs.backend().leases(),
                new LeaseSettings(
                        LEASE, node.hostname(), config.leaseTtl(), config.leaseRenewInterval(), config.candidate()),
                inputs.ticker(),
                this::awaitRecoveries,
                this::mayStand);
        this.locks = new OperationLocks(inputs.backend().locks(), audit, config.lockTtl(), inputs.ticker());
        BackendHealth health = new BackendHealth(events, inputs.clock());
        this.registration = new NodeRegistration(inputs.backend().nodes(), node, lease, health);
        this.discovery = new Discovery(config, discoveryPorts(health), lease);
        this.intents = OperatorIntents.in(inputs.backend(), config, discovery::current);
        AnalysisPolicy policy = AnalysisPolicy.of(config);
        this.analyzer = new FailureAnalyzer(policy);
        RecoveryPorts recoveryPorts = recoveryPorts();
        this.home = new SelfHostedBackend(recoveryPorts, inputs.backend(), LEASE, lease);
        this.recovery = new RecoveryCoordinator(
                recoveryPorts, new SelfHostedBackendAccess(home, lease, inputs.journalFolder()));
        this.snapshot = new FleetPublisher(discovery, inputs.backend().instances());
        this.operations = new OperatorOperations(recoveryPorts, recovery, snapshot);
        this.watch = new FailureWatch(
                detectionPorts(),
                policy,
                new DetectionHistoryTracker(policy),
                DoubtSettings.of(config),
                recovery::handle);
        discovery.addListener(watch::fleetChanged);
        events.add(snapshot);
        lease.addListener(new OnLeadership());
    }

    private InstanceGateway builtInGateway() {
        return new MySqlInstanceGateway(
                GatewayOptions.of(inputs.config()),
                Objects.requireNonNull(inputs.credentials(), "credentials"),
                inputs.ticker(),
                readingClock);
    }

    private DiscoveryPorts discoveryPorts(BackendHealth health) {
        return new DiscoveryPorts(
                gateway, inputs.backend(), inputs.hostnameResolver(), events, health, readingClock, inputs.ticker());
    }

    private DetectionPorts detectionPorts() {
        return new DetectionPorts(
                discovery,
                lease,
                gateway,
                events,
                audit,
                this::intentsNow,
                this::fences,
                readingClock,
                inputs.ticker());
    }

    private RecoveryPorts recoveryPorts() {
        return new RecoveryPorts(
                inputs.config(),
                node.hostname(),
                node.token(),
                gateway,
                discovery,
                inputs.backend().recoveries(),
                inputs.backend().fences(),
                inputs.backend().intents(),
                locks,
                lease,
                events,
                audit,
                runs,
                detection(),
                new Clocks(inputs.clock(), readingClock, inputs.ticker()));
    }

    private Reanalysis detection() {
        return new Reanalysis() {
            @Override
            public Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey instance) {
                return watch.analyze(fleet, instance);
            }

            @Override
            public List<FailureAnalysis> findings() {
                return watch.findings();
            }
        };
    }

    Node node() {
        return node;
    }

    EventBus events() {
        return events;
    }

    AuditWriter audit() {
        return audit;
    }

    LeaseKeeper lease() {
        return lease;
    }

    OperationLocks locks() {
        return locks;
    }

    Discovery discovery() {
        return discovery;
    }

    RecoveryCoordinator recovery() {
        return recovery;
    }

    /** An operator's order; what it changed is seen by everybody when it returns. */
    RecoveryOutcome recover(RecoveryRequest request) {
        RecoveryOutcome outcome = recovery.recover(request);
        if (outcome.recovery() != null) {
            snapshot.show(outcome.recovery());
        }
        return outcome;
    }

    OperatorOperations operations() {
        return operations;
    }

    OperatorIntents intents() {
        return intents;
    }

    RunRegistry runs() {
        return runs;
    }

    /** Has the node seen by others, while it does more than look. */
    void register() {
        registration.start();
    }

    void start() {
        registration.start();
        recovery.start();
        home.start();
        lease.start();
        log.atInfo()
                .addKeyValue("node", node.hostname())
                .addKeyValue("version", node.version())
                .addKeyValue("backend", inputs.backend().describe())
                .addKeyValue("candidate", inputs.config().candidate())
                .log("started");
    }

    /** What is wrong: as detection last saw it on the leader, elsewhere analysed now on what the leader wrote. */
    List<FailureAnalysis> findings() {
        if (discovery.isLeading()) {
            return watch.findings();
        }
        return analyzer.analyze(new FailureAnalyzer.Question(
                discovery.current(), intentsNow(), fences(), DetectionHistory.NONE, readingClock.instant()));
    }

    /** The leader's are at most a second old; who does not lead asks. */
    private Intents intentsNow() {
        return discovery.isLeading()
                ? discovery.intents().get()
                : inputs.backend().intents().read();
    }

    private List<Fence> fences() {
        return discovery.isLeading()
                ? discovery.intents().fences()
                : inputs.backend().fences().standing();
    }

    private boolean mayStand() {
        return home.mayStand();
    }

    private boolean awaitRecoveries(Duration limit) {
        return recovery.awaitIdle(limit);
    }

    /** The lease last: until then nobody else acts on what we may still be doing. */
    @Override
    public void close() {
        contained("the backend's home", home);
        contained("detection", watch);
        // Ends all changes, operations as well, which need their threads until they are over.
        contained("recovery", recovery);
        contained("operations", operations);
        contained("running changes", runs);
        contained("discovery", discovery);
        contained("maintenance locks", locks);
        contained("lease", lease);
        contained("node", registration);
        contained("audit trail", audit);
        if (ownGateway != null) {
            contained("gateway", ownGateway);
        }
        contained("events", events);
        log.atDebug().addKeyValue("node", node.hostname()).log("closed");
    }

    private static void contained(String what, AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.atWarn().addKeyValue("part", what).setCause(e).log("could not be closed");
        }
    }

    /** Detection and discovery follow leadership. */
    private final class OnLeadership implements LeaderElection.Listener {
        @Override
        public void gained(long epoch) {
            discovery.startLeading();
            recovery.leadershipGained();
            tell(true, epoch);
        }

        @Override
        public void lost(long epoch) {
            discovery.stopLeading();
            tell(false, epoch);
        }

        private void tell(boolean leading, long epoch) {
            events.publish(
                    new OrchestratorEvent.LeadershipChanged(inputs.clock().instant(), leading, epoch));
            Actor self = new Actor("orchestrator", Origin.AUTOMATIC, node.hostname());
            String message = node.hostname() + (leading ? " leads" : " does not lead any more") + ", epoch " + epoch;
            audit.record(new AuditEntry(
                    0, null, leading ? "leadership-gained" : "leadership-lost", null, "", self, message));
        }
    }
}
