package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.ServerResults;
import dev.orchestrator.engine.internal.core.operation.TakeoverPlanner;
import dev.orchestrator.engine.internal.core.operation.TakeoverProposal;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.SwitchoverDecision;
import dev.orchestrator.engine.internal.shell.execution.Authority;
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

/** A living primary hands over to one of its replicas, by an operator's order. */
final class SwitchoverChange extends OrderedChange<SwitchoverDecision> {
    private static final Duration READ = Duration.ofSeconds(2);

    private final RecoveryPorts ports;
    private final RecoveryRuns runs;
    private final OperationBinding.Switchover order;

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
    public Prepared<SwitchoverDecision> look() {
        Fleet fleet = readAnew();
        InstanceKey primary = fleet.canonical(order.primary());
        LockImpact impact = LockImpact.of(
                primary,
                SwitchoverDecision.replicas(fleet, primary),
                ports.locks().active());
        Prepared<SwitchoverDecision> prepared = prepare(fleet, impact.excluded());
        return Optional.of(prepared)
                .filter(Prepared::isAllowed)
                .flatMap(p -> impact.refusal(p.decision()))
                .map(Prepared::<SwitchoverDecision>refused)
                .orElse(prepared);
    }

    @Override
    public Prepared<SwitchoverDecision> lookAgain(MaintenanceLock lock) {
        Fleet fleet = readAnew();
        InstanceKey primary = fleet.canonical(order.primary());
        LockImpact impact = LockImpact.beside(
                primary,
                SwitchoverDecision.replicas(fleet, primary),
                ports.locks().active(),
                lock.token(),
                lock.instances());
        return prepare(fleet, impact.excluded());
    }

    private Prepared<SwitchoverDecision> prepare(Fleet fleet, Map<InstanceKey, String> locked) {
        TakeoverProposal proposal =
                new TakeoverPlanner(fleet, ports.config(), ports.intents().read(), locked).plan(order);
        if (!proposal.passed()) {
            return Prepared.refused(new Decision(null, proposal.verdicts(), null));
        }
        List<String> whyNot = new ArrayList<>();
        Optional<ChannelSettings> settings =
                ReplicationAccounts.of(Objects.requireNonNull(proposal.successor()), ports.gateway(), whyNot::add);
        if (settings.isEmpty()) {
            return Prepared.refused(SwitchoverDecision.withoutAccount(proposal, String.join("; ", whyNot)));
        }
        SwitchoverDecision ready = SwitchoverDecision.of(order, proposal, settings.get(), fleet, ports.config());
        return new Prepared<>(ready.decide(proposal, ports.clocks().instant()), ready.locks(), ready);
    }

    @Override
    public OperationOutcome run(Prepared<SwitchoverDecision> prepared, MaintenanceLock lock, RunRegistry.Run running) {
        SwitchoverDecision ready = prepared.what();
        Authority right = Authority.ofLocks(lock, ports.clocks().ticker());
        RecoveryRecord record = ready.record(runs.beginning(uid(), actor(), 0));
        Registration registration = ports.recoveries().register(record, right.right());
        Optional<Decision> refusal = SwitchoverDecision.unregistered(prepared.decision(), registration);
        if (refusal.isPresent()) {
            return OperationOutcome.refused(operation, refusal.get());
        }
        runs.tellBegin(record);
        RecoveryRuns.Ended end = runs.run(ready.undertaking(record), right, running);
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

    /** What an operator ordered does not keep the next recovery from being done. Returns what people are to do about it. */
    private String acknowledge(RecoveryRecord ended) {
        return ended.isActive()
                ? ""
                : Acknowledging.byHandElse(ports.recoveries(), ended.uid(), ended.actor(), "a switchover by order");
    }

    private Fleet readAnew() {
        Fleet known = ports.fleet().current();
        InstanceKey primary = known.canonical(order.primary());
        return ports.fleet().refresh(SwitchoverDecision.everybody(known, primary), READ);
    }
}
