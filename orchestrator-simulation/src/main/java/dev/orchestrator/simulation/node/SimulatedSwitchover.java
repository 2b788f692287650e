package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.TakeoverPlanner;
import dev.orchestrator.engine.internal.core.operation.TakeoverProposal;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.SwitchoverDecision;
import dev.orchestrator.engine.internal.core.recovery.Undertaking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A living primary hands over to one of its replicas, by an operator's order to this service. Not thread-safe. */
final class SimulatedSwitchover implements ChangeRun.Change<SwitchoverDecision> {
    private static final Duration READ = Duration.ofSeconds(2);

    private final SimulatedService node;
    private final OperationBinding.Switchover order;
    private final Actor actor;
    private final String uid;
    private final Consumer<OrderOutcome> told;

    SimulatedSwitchover(
            SimulatedService node,
            OperationBinding.Switchover order,
            Actor actor,
            String uid,
            Consumer<OrderOutcome> told) {
        this.node = node;
        this.order = order;
        this.actor = actor;
        this.uid = uid;
        this.told = told;
    }

    @Override
    public Actor actor() {
        return actor;
    }

    @Override
    public String lockReason() {
        return Records.lockReason(uid, primary()) + ": " + order.operation().describe();
    }

    private InstanceKey primary() {
        return node.fleet().canonical(order.primary());
    }

    /** Reads everybody anew, and the locks. */
    private void readAnew(BiConsumer<Fleet, Optional<List<LockInfo>>> then) {
        node.refresh(SwitchoverDecision.everybody(node.fleet(), primary()), READ, () -> {
            Fleet fleet = node.fleet();
            node.ask((rows, now) -> rows.locks().active(now), locks -> then.accept(fleet, locks));
        });
    }

    @Override
    public void look(Consumer<Optional<ChangeRun.Prepared<SwitchoverDecision>>> told) {
        readAnew((fleet, locks) -> {
            if (locks.isEmpty()) {
                told.accept(Optional.empty());
                return;
            }
            LockImpact impact = LockImpact.of(primary(), SwitchoverDecision.replicas(fleet, primary()), locks.get());
            prepare(
                    fleet,
                    impact.excluded(),
                    prepared -> told.accept(Optional.of(Optional.of(prepared)
                            .filter(ChangeRun.Prepared::isAllowed)
                            .flatMap(p -> impact.refusal(p.decision()))
                            .map(ChangeRun.Prepared::<SwitchoverDecision>refused)
                            .orElse(prepared))));
        });
    }

    @Override
    public void lookAgain(SimulatedLock lock, Consumer<Optional<ChangeRun.Prepared<SwitchoverDecision>>> told) {
        readAnew((fleet, locks) -> {
            if (locks.isEmpty()) {
                told.accept(Optional.empty());
                return;
            }
            LockImpact impact = LockImpact.beside(
                    primary(),
                    SwitchoverDecision.replicas(fleet, primary()),
                    locks.get(),
                    lock.token(),
                    lock.instances());
            prepare(fleet, impact.excluded(), prepared -> told.accept(Optional.of(prepared)));
        });
    }

    private void prepare(
            Fleet fleet, Map<InstanceKey, String> locked, Consumer<ChangeRun.Prepared<SwitchoverDecision>> then) {
        TakeoverProposal proposal = new TakeoverPlanner(fleet, node.config(), node.intents(), locked).plan(order);
        if (!proposal.passed()) {
            then.accept(ChangeRun.Prepared.refused(new Decision(null, proposal.verdicts(), null)));
            return;
        }
        InstanceKey successor = Objects.requireNonNull(proposal.successor()).key();
        node.gateway().settings(List.of(successor), settings -> then.accept(prepared(fleet, proposal, settings)));
    }

    private ChangeRun.Prepared<SwitchoverDecision> prepared(
            Fleet fleet, TakeoverProposal proposal, Optional<ChannelSettings> settings) {
        if (settings.isEmpty()) {
            return ChangeRun.Prepared.refused(SwitchoverDecision.withoutAccount(proposal, "no answer"));
        }
        SwitchoverDecision ready = SwitchoverDecision.of(order, proposal, settings.get(), fleet, node.config());
        return new ChangeRun.Prepared<>(
                ready.decide(proposal, node.process().now().at()), ready.locks(), ready);
    }

    @Override
    public void run(ChangeRun.Prepared<SwitchoverDecision> prepared, SimulatedLock lock, Runnable over) {
        SimulatedAuthority authority = SimulatedAuthority.ofLocks(lock);
        RecoveryRecord record = prepared.what().record(node.runs().beginning(uid, actor, 0));
        node.ask((rows, now) -> rows.register(record, authority.right(), now), answer -> {
            if (answer.isEmpty()) {
                over.run();
                unanswered();
                return;
            }
            Optional<Decision> refusal = SwitchoverDecision.unregistered(prepared.decision(), answer.get());
            if (refusal.isPresent()) {
                over.run();
                refused(refusal.get());
            } else {
                begin(prepared.what().undertaking(record), authority, over);
            }
        });
    }

    private void begin(Undertaking what, SimulatedAuthority authority, Runnable over) {
        node.write((rows, now) -> rows.acknowledgeOf(what.record().failed()), done -> {});
        node.runs().run(what, authority, ended -> {
            acknowledge(ended);
            over.run();
            show(ended);
            told.accept(OrderOutcome.ended(ended.successful()));
        });
    }

    private void show(RecoveryRecord ended) {
        List<InstanceKey> all = new ArrayList<>(ended.replicas());
        all.add(ended.failed());
        node.refresh(all, READ, () -> node.show(all));
    }

    /** What an operator ordered does not keep the next recovery from being done. */
    private void acknowledge(RecoveryRecord ended) {
        if (!ended.isActive()) {
            node.write(
                    (rows, now) -> {
                        rows.acknowledge(ended.uid());
                        return true;
                    },
                    done -> {});
        }
    }

    @Override
    public void refused(Decision decision) {
        told.accept(OrderOutcome.refused(decision));
    }

    @Override
    public void unanswered() {
        told.accept(OrderOutcome.unanswered());
    }
}
