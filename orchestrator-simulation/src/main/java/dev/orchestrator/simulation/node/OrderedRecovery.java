package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.recovery.FreshLook;
import dev.orchestrator.engine.internal.core.recovery.ReadyRecovery;
import dev.orchestrator.engine.internal.core.recovery.Records;
import dev.orchestrator.engine.internal.core.recovery.RecoveryDecision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The recovery of a failed server by an operator's order to this service, whether or not it leads. Not thread-safe. */
final class OrderedRecovery implements ChangeRun.Change<ReadyRecovery> {
    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);
    private static final int LOOKS = 30;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final SimulatedService node;
    private final RecoveryAttempt requested;
    private final String uid;
    private final Consumer<OrderOutcome> told;
    private final RecoveryLook looking;

    private OrderedRecovery(SimulatedService node, RecoveryAttempt requested, String uid, Consumer<OrderOutcome> told) {
        this.node = node;
        this.requested = requested;
        this.uid = uid;
        this.told = told;
        this.looking = new RecoveryLook(node, requested);
    }

    /** Reads the failed server and its replicas until it is clear what is wrong, for about three seconds, and begins. */
    static void give(SimulatedService node, RecoveryAttempt requested, String uid, Consumer<OrderOutcome> told) {
        look(node, requested, uid, told, 1);
    }

    private static void look(
            SimulatedService node, RecoveryAttempt requested, String uid, Consumer<OrderOutcome> told, int number) {
        if (node.fleet().member(requested.failed()).isEmpty()) {
            new ChangeRun<>(node, new OrderedRecovery(node, requested, uid, told)).begin();
            return;
        }
        FreshLook look = FreshLook.at(node.fleet(), requested.failed(), node.config());
        node.refresh(
                look.silent(),
                LAST_CHANCE,
                () -> node.refresh(look.answering(), READ, () -> {
                    RecoveryAttempt found =
                            requested.with(node.detecting().examine(node.fleet().canonical(requested.failed())));
                    boolean doubtful = found.finding() != null
                            && FreshLook.isDoubtful(found.finding().code());
                    if (doubtful && number < LOOKS) {
                        node.process().in(BETWEEN_LOOKS, () -> look(node, requested, uid, told, number + 1));
                    } else {
                        new ChangeRun<>(node, new OrderedRecovery(node, found, uid, told)).begin();
                    }
                }));
    }

    @Override
    public Actor actor() {
        return requested.actor();
    }

    @Override
    public String lockReason() {
        return Records.lockReason(uid, requested.failed());
    }

    @Override
    public void look(Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        List<GateVerdict> quick = node.recoveries().gates(requested, null);
        if (RecoveryGates.passed(quick)) {
            looking.first(false, told);
        } else {
            told.accept(Optional.of(ChangeRun.Prepared.refused(new Decision(requested.finding(), quick, null))));
        }
    }

    @Override
    public void lookAgain(SimulatedLock lock, Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        looking.again(told);
    }

    @Override
    public void run(ChangeRun.Prepared<ReadyRecovery> prepared, SimulatedLock lock, Runnable over) {
        SimulatedAuthority authority = SimulatedAuthority.ofLocks(lock);
        ReadyRecovery ready = prepared.what();
        RecoveryRecord record = ready.record(
                node.runs().beginning(uid, requested.actor(), 0),
                node.process().now().at());
        node.ask((rows, now) -> rows.register(record, authority.right(), now), answer -> {
            if (answer.isEmpty()) {
                over.run();
                unanswered();
                return;
            }
            Optional<Decision> refusal = RecoveryDecision.unregistered(requested, prepared.decision(), answer.get());
            if (refusal.isPresent()) {
                over.run();
                refused(refusal.get());
                return;
            }
            acknowledgeFormer(record.failed());
            node.runs().run(ready.undertaking(record), authority, ended -> {
                over.run();
                told.accept(OrderOutcome.ended(ended.successful()));
            });
        });
    }

    /** An operator who orders a recovery of a server knows of those before. */
    private void acknowledgeFormer(InstanceKey failed) {
        node.write((rows, now) -> rows.acknowledgeOf(failed), done -> {});
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
