package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ChannelSettings;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.ServerResults;
import dev.orchestrator.engine.internal.core.operation.TakeoverPlanner;
import dev.orchestrator.engine.internal.core.operation.TakeoverProposal;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.recovery.Preview;
import dev.orchestrator.engine.internal.core.recovery.Procedures;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.Scope;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.ChangeRunner;
import dev.orchestrator.engine.internal.shell.execution.OrderedChange;
import dev.orchestrator.engine.internal.shell.execution.Prepared;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.execution.RunRegistry;
import dev.orchestrator.spi.RecoveryStore.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A living primary hands over to one of its replicas, by a person's order. */
final class SwitchoverChange extends OrderedChange<SwitchoverChange.Ready> {
    private static final Duration SETTINGS = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(2);

    private final RecoveryPorts ports;
    private final RecoveryRuns runs;
    private final OperationBinding.Switchover order;

    /**
     * What the run is told.
     *
     * @param fleet the fresh picture
     * @param terms who takes part
     * @param procedure what is done
     */
    record Ready(Fleet fleet, Terms terms, Procedure procedure) {}

    SwitchoverChange(RecoveryPorts ports, RecoveryRuns runs, OperationBinding.Switchover order, Actor actor) {
        super(order.operation(), actor);
        this.ports = ports;
        this.runs = runs;
        this.order = order;
    }

    @Override
    public String lockReason() {
        return Records.lockReason(uid(), ports.fleet().current().canonical(order.primary())) + ": "
                + operation.describe();
    }

    @Override
    public Prepared<Ready> look() {
        Fleet fleet = readAnew();
        InstanceKey primary = fleet.canonical(order.primary());
        LockImpact impact =
                LockImpact.of(primary, replicas(fleet, primary), ports.locks().active());
        Prepared<Ready> prepared = prepare(fleet, impact.excluded());
        return prepared.isAllowed() && impact.refusing() != null
                ? Prepared.refused(ChangeRunner.with(
                        prepared.decision(),
                        RefusalReason.LOCKED,
                        LockWords.describe(Objects.requireNonNull(impact.refusing()))))
                : prepared;
    }

    @Override
    public Prepared<Ready> lookAgain(MaintenanceLock lock) {
        Fleet fleet = readAnew();
        InstanceKey primary = fleet.canonical(order.primary());
        List<InstanceKey> others = new ArrayList<>(replicas(fleet, primary));
        others.removeAll(lock.instances());
        LockImpact impact = LockImpact.of(
                primary,
                others,
                ports.locks().active().stream()
                        .filter(l -> !l.token().equals(lock.token()))
                        .toList());
        return prepare(fleet, impact.excluded());
    }

    private Prepared<Ready> prepare(Fleet fleet, Map<InstanceKey, String> locked) {
        TakeoverProposal proposal =
                new TakeoverPlanner(fleet, ports.config(), ports.intents().read(), locked).plan(order);
        if (!proposal.passed()) {
            return Prepared.refused(new Decision(null, proposal.verdicts(), null));
        }
        Instance primary = Objects.requireNonNull(proposal.primary());
        Instance successor = Objects.requireNonNull(proposal.successor());
        Optional<ChannelSettings> settings;
        String why = "mysql.slave_master_info of " + successor.key() + " holds no account and password";
        try {
            settings = ports.gateway()
                    .channelSettings(
                            successor.key(),
                            successor.mainChannel().orElseThrow().name(),
                            SETTINGS)
                    .filter(c -> c.credentials().isPresent());
        } catch (OrchestratorException e) {
            settings = Optional.empty();
            why = Objects.requireNonNullElse(e.getMessage(), e.code().name());
        }
        if (settings.isEmpty()) {
            return Prepared.refused(proposal.refusedBy(
                    "can the former primary log in at its successor",
                    RefusalReason.NO_CREDENTIALS,
                    "the account it would replicate by cannot be had: " + why
                            + "; grant SELECT on mysql.slave_master_info to our account on the replicas (with"
                            + " master_info_repository = TABLE), or name a query for it: ReplicationCredentialsQuery"));
        }
        Terms terms =
                Scope.of(fleet, primary.key(), proposal.leftAlone(), Map.of(), successor.key(), false, ports.config());
        Procedure procedure = Procedures.of(RecoveryType.SWITCHOVER, settings.get(), order.starts());
        Decision decision = Preview.of(
                        "hand over from " + primary.key() + " to " + successor.key(),
                        procedure,
                        terms,
                        fleet,
                        ports.clocks().instant())
                .decide(proposal.verdicts(), proposal.explanation());
        List<InstanceKey> exclusive = new ArrayList<>(terms.participants());
        exclusive.add(primary.key());
        return new Prepared<>(decision, LockRequest.forRecovery(exclusive), new Ready(fleet, terms, procedure));
    }

    @Override
    public OperationOutcome run(Prepared<Ready> prepared, MaintenanceLock lock, RunRegistry.Run running) {
        Ready ready = prepared.what();
        Authority right = Authority.ofLocks(lock, ports.clocks().ticker());
        RecoveryRecord record = record(ready);
        Registration registration = ports.recoveries().register(record, right.right());
        if (registration.outcome() != Registration.Outcome.REGISTERED) {
            return OperationOutcome.refused(
                    operation,
                    ChangeRunner.with(
                            prepared.decision(), RefusalReason.RECOVERY_ACTIVE, Records.busy(registration.other())));
        }
        runs.tellBegin(record);
        RecoveryRuns.Ended end = runs.run(
                new RecoveryRuns.Run(record, ready.procedure(), ready.terms(), ready.fleet(), right, running, 0, null));
        RecoveryRecord ended = end.record();
        String unacknowledged = acknowledge(ended);
        String failure = ended.successful() ? null : String.join("; ", ended.errors());
        return new OperationOutcome(
                        operation,
                        prepared.decision(),
                        ServerResults.of(end.state()),
                        end.steps(),
                        failure,
                        ended,
                        List.of())
                .noting(unacknowledged);
    }

    /** What a person ordered does not keep the next recovery from being done. Returns what people are to do about it. */
    private String acknowledge(RecoveryRecord ended) {
        return ended.isActive()
                ? ""
                : Acknowledging.byHandElse(
                        ports.recoveries(),
                        ended.uid(),
                        ended.actor(),
                        "a switchover by order; it must not block the next recovery");
    }

    private RecoveryRecord record(Ready ready) {
        Records.Beginning beginning = new Records.Beginning(
                uid(),
                actor(),
                ports.node(),
                ports.nodeToken(),
                0,
                ports.clocks().instant());
        return Records.ofSwitchover(beginning, ready.terms(), ready.fleet()).toBuilder()
                .formerLeftStopped(!order.starts())
                .build();
    }

    private Fleet readAnew() {
        Fleet known = ports.fleet().current();
        InstanceKey primary = known.canonical(order.primary());
        List<InstanceKey> all = new ArrayList<>(replicas(known, primary));
        all.add(primary);
        return ports.fleet().refresh(all, READ);
    }

    private static List<InstanceKey> replicas(Fleet fleet, InstanceKey primary) {
        return fleet.replicasOf(primary).stream().map(FleetMember::key).toList();
    }
}
