package dev.orchestrator.engine;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.Node;
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
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An orchestrator that runs inside another program. No static state: several may run side by side.
 *
 * <pre>{@code
 * try (OrchestratorEngine engine = OrchestratorEngine.builder()
 *         .backend(backend)
 *         .credentials(key -> new Credentials("orchestrator", password))
 *         .config(OrchestratorConfig.builder().primaryRecoveryFilters(List.of("*")).build())
 *         .build()) {
 *     engine.addListener(event -> log.info("{}", event));
 *     engine.start();
 *     engine.discover(InstanceKey.parse("db1:3306"), new Actor("me", Origin.API, "app1"));
 *     // ...
 * }
 * }</pre>
 */
public final class OrchestratorEngine implements Orchestrator {
    private final EngineInputs inputs;
    private final EngineParts parts;

    // Guarded by the monitor.
    private boolean started;
    private volatile boolean closed;

    OrchestratorEngine(EngineInputs inputs) {
        this.inputs = inputs;
        this.parts = new EngineParts(inputs);
    }

    /**
     * Begins to put an orchestrator together.
     *
     * @return a builder with the default settings
     */
    public static EngineBuilder builder() {
        return new EngineBuilder();
    }

    /**
     * This process among the nodes of the backend.
     *
     * @return its host, token and version; the times are those of its making
     */
    public Node node() {
        return parts.node();
    }

    @Override
    public synchronized void start() {
        requireOpen();
        if (!started) {
            started = true;
            parts.start();
        }
    }

    @Override
    public FleetMember discover(InstanceKey seed, Actor actor) {
        requireOpen();
        Objects.requireNonNull(actor, "actor");
        parts.register();
        FleetMember member = parts.discovery().discover(Objects.requireNonNull(seed, "seed"));
        record("discover", member.key(), actor, "discovered as " + member.key());
        return member;
    }

    @Override
    public boolean forget(InstanceKey key, Actor actor) {
        requireOpen();
        Objects.requireNonNull(actor, "actor");
        boolean known = parts.discovery().forget(Objects.requireNonNull(key, "key"));
        if (known) {
            record("forget", key, actor, "forgotten");
        }
        return known;
    }

    @Override
    public Fleet fleet() {
        requireOpen();
        return parts.discovery().current();
    }

    @Override
    public Cluster cluster(String hint) {
        Fleet fleet = fleet();
        String text = hint.strip();
        return fleet.clusterNamed(text)
                .or(() -> memberKey(text).flatMap(fleet::member).flatMap(member -> fleet.cluster(member.cluster())))
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNKNOWN_CLUSTER,
                        "no cluster has the id, name or alias '" + text + "' or a member of that name"));
    }

    private Optional<InstanceKey> memberKey(String text) {
        try {
            return Optional.of(InstanceKey.parse(text, inputs.config().defaultPort()));
        } catch (IllegalArgumentException e) {
            // Not the shape of a key: then it is none, and nothing is wrong with asking.
            return Optional.empty();
        }
    }

    @Override
    public List<FailureAnalysis> analyses() {
        requireOpen();
        return parts.findings();
    }

    @Override
    public Decision planRecovery(RecoveryRequest request) {
        requireOpen();
        return parts.recovery().plan(Objects.requireNonNull(request, "request"));
    }

    @Override
    public Optional<Decision> lastDecision(InstanceKey key) {
        requireOpen();
        return parts.recovery().lastDecision(Objects.requireNonNull(key, "key"));
    }

    @Override
    public RecoveryOutcome recover(RecoveryRequest request) {
        requireOpen();
        parts.register();
        return parts.recover(Objects.requireNonNull(request, "request"));
    }

    @Override
    public Operations operations() {
        requireOpen();
        parts.register();
        return parts.operations();
    }

    @Override
    public MaintenanceLocks maintenance() {
        return parts.locks();
    }

    @Override
    public LeaderElection leaderElection() {
        return parts.lease();
    }

    @Override
    public Downtimes downtimes() {
        return parts.intents().downtimes();
    }

    @Override
    public PromotionRules promotionRules() {
        return parts.intents().promotionRules();
    }

    @Override
    public RecoverySwitch recoverySwitch() {
        return parts.intents().recoverySwitch();
    }

    @Override
    public ClusterAliases clusterAliases() {
        return parts.intents().clusterAliases();
    }

    @Override
    public Recoveries recoveries() {
        return parts.intents().recoveries();
    }

    @Override
    public AuditLog audit() {
        return parts.intents().audit();
    }

    @Override
    public Pools pools() {
        return parts.intents().pools();
    }

    @Override
    public Nodes nodes() {
        return parts.intents().nodes();
    }

    @Override
    public Intents intents() {
        return inputs.backend().intents().read();
    }

    @Override
    public List<Fence> fences() {
        return inputs.backend().fences().standing();
    }

    @Override
    public List<RunningChange> running() {
        return parts.runs().running();
    }

    @Override
    public CancelOutcome cancel(String uid, Actor by) {
        requireOpen();
        return parts.runs().cancel(Objects.requireNonNull(uid, "uid"), Objects.requireNonNull(by, "by"));
    }

    @Override
    public String backendDescription() {
        return inputs.backend().describe();
    }

    @Override
    public OrchestratorConfig config() {
        return inputs.config();
    }

    @Override
    public Registration addListener(OrchestratorListener listener) {
        return parts.events().add(listener);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        parts.close();
    }

    private void requireOpen() {
        if (closed) {
            throw new OrchestratorException(ErrorCode.NOT_RUNNING, "this orchestrator is closed");
        }
    }

    private void record(String type, @Nullable InstanceKey instance, Actor actor, String message) {
        parts.audit().record(new AuditEntry(0, null, type, instance, "", actor, message));
    }
}
