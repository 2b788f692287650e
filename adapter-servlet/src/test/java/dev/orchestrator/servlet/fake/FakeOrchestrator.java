package dev.orchestrator.servlet.fake;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.RunningChange;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorListener;
import dev.orchestrator.api.facade.AuditLog;
import dev.orchestrator.api.facade.ClusterAliases;
import dev.orchestrator.api.facade.Downtimes;
import dev.orchestrator.api.facade.MaintenanceLocks;
import dev.orchestrator.api.facade.Nodes;
import dev.orchestrator.api.facade.Operations;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.facade.Pools;
import dev.orchestrator.api.facade.PromotionRules;
import dev.orchestrator.api.facade.Recoveries;
import dev.orchestrator.api.facade.RecoverySwitch;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.internal.shell.intent.OperatorIntents;
import dev.orchestrator.engine.internal.shell.lock.OperationLocks;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An orchestrator that answers from fields and remembers orders; its backend is a real one. */
public final class FakeOrchestrator implements Orchestrator, LeaderElection {
    public volatile Fleet fleet = Fleets.at(Instant.now());
    public volatile List<FailureAnalysis> analyses = List.of();
    public volatile boolean leading = true;
    public volatile RecoveryOutcome outcome = new RecoveryOutcome(
            new Decision(
                    Fleets.warning(),
                    List.of(
                            new GateVerdict("is the instance known", null, "it is"),
                            new GateVerdict("is there a problem", RefusalReason.NO_PROBLEM, "the primary answers")),
                    null),
            null);
    public final List<String> orders = new ArrayList<>();
    private final Backend backend;
    private final OperatorIntents intents;
    private final MaintenanceLocks locks;
    private final OrchestratorConfig config = OrchestratorConfig.builder()
            .nodeName("node1")
            .primaryRecoveryFilters(List.of("alias=main"))
            .build();

    public FakeOrchestrator(Backend backend) {
        this.backend = backend;
        this.intents = OperatorIntents.in(backend, config, () -> fleet);
        this.locks = new OperationLocks(backend.locks(), entry -> {}, Duration.ofSeconds(30), Ticker.system());
    }

    @Override
    public void start() {
        orders.add("start");
    }

    @Override
    public FleetMember discover(InstanceKey seed, Actor actor) {
        orders.add("discover " + seed + " by " + actor);
        return fleet.member(seed)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.INSTANCE_UNREACHABLE, "cannot discover " + seed + ": connection refused"));
    }

    @Override
    public boolean forget(InstanceKey key, Actor actor) {
        orders.add("forget " + key + " by " + actor);
        return fleet.member(key).isPresent();
    }

    @Override
    public Fleet fleet() {
        return fleet;
    }

    @Override
    public Cluster cluster(String hint) {
        return fleet.clusterNamed(hint)
                .or(() -> fleet.member(InstanceKey.parse(hint)).flatMap(m -> fleet.cluster(m.cluster())))
                .orElseThrow(
                        () -> new OrchestratorException(ErrorCode.UNKNOWN_CLUSTER, "no cluster is called " + hint));
    }

    @Override
    public List<FailureAnalysis> analyses() {
        return analyses;
    }

    @Override
    public Decision planRecovery(RecoveryRequest request) {
        return outcome.decision();
    }

    @Override
    public Optional<Decision> lastDecision(InstanceKey key) {
        return analyses.isEmpty() ? Optional.empty() : Optional.of(outcome.decision());
    }

    @Override
    public Operations operations() {
        return new Operations() {
            @Override
            public Decision plan(Operation operation) {
                return outcome.decision();
            }

            @Override
            public OperationOutcome run(Operation operation, Actor actor) {
                orders.add(operation.describe() + " by " + actor);
                return new OperationOutcome(operation, outcome.decision(), List.of(), List.of(), null, null, List.of());
            }
        };
    }

    @Override
    public RecoveryOutcome recover(RecoveryRequest request) {
        orders.add("recover " + request.failed() + " by " + request.actor());
        return outcome;
    }

    @Override
    public MaintenanceLocks maintenance() {
        return locks;
    }

    @Override
    public LeaderElection leaderElection() {
        return this;
    }

    @Override
    public Downtimes downtimes() {
        return intents.downtimes();
    }

    @Override
    public PromotionRules promotionRules() {
        return intents.promotionRules();
    }

    @Override
    public RecoverySwitch recoverySwitch() {
        return intents.recoverySwitch();
    }

    @Override
    public ClusterAliases clusterAliases() {
        return intents.clusterAliases();
    }

    @Override
    public Recoveries recoveries() {
        return intents.recoveries();
    }

    @Override
    public AuditLog audit() {
        return intents.audit();
    }

    @Override
    public Pools pools() {
        return intents.pools();
    }

    @Override
    public Nodes nodes() {
        return intents.nodes();
    }

    @Override
    public Intents intents() {
        return backend.intents().read();
    }

    @Override
    public List<Fence> fences() {
        return backend.fences().standing();
    }

    @Override
    public List<RunningChange> running() {
        return backend.runs().running();
    }

    @Override
    public CancelOutcome cancel(String uid, Actor by) {
        if (!backend.runs().askToStop(uid, by)) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, "no change with the UID '" + uid + "' is running");
        }
        return CancelOutcome.ROLLS_BACK;
    }

    @Override
    public String backendDescription() {
        return backend.describe();
    }

    @Override
    public OrchestratorConfig config() {
        return config;
    }

    @Override
    public Registration addListener(OrchestratorListener listener) {
        return () -> {};
    }

    @Override
    public void close() {
        orders.add("close");
    }

    @Override
    public Standing standing() {
        return leading ? Standing.LEADING : Standing.NOT_LEADING;
    }

    @Override
    public OptionalLong epoch() {
        return leading ? OptionalLong.of(7) : OptionalLong.empty();
    }

    @Override
    public Duration certainFor() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Optional<Leader> leader() {
        backend.ping();
        Instant now = Instant.parse("2026-11-22T10:00:00Z");
        return Optional.of(new Leader(leading ? "node1" : "node2", "t", 7, now, now));
    }

    @Override
    public void seize() {
        orders.add("seize");
    }

    @Override
    public void resign() {
        orders.add("resign");
    }

    @Override
    public void vacate() {
        orders.add("vacate");
    }

    @Override
    public void addListener(Listener listener) {
        orders.add("addListener");
    }
}
