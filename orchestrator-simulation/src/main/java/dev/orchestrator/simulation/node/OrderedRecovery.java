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
    private final RecoveryAttempt wish;
    private final String uid;
    private final Consumer<OrderOutcome> told;
    private final RecoveryLook looking;

    private OrderedRecovery(SimulatedService node, RecoveryAttempt wish, String uid, Consumer<OrderOutcome> told) {
        this.node = node;
        this.wish = wish;
        this.uid = uid;
        this.told = told;
        this.looking = new RecoveryLook(node, wish);
    }

    /** Reads the failed server and its replicas until it is clear what is wrong, for about three seconds, and begins. */
    static void give(SimulatedService node, RecoveryAttempt wish, String uid, Consumer<OrderOutcome> told) {
        look(node, wish, uid, told, 1);
    }

    private static void look(
            SimulatedService node, RecoveryAttempt wish, String uid, Consumer<OrderOutcome> told, int number) {
        if (node.fleet().member(wish.failed()).isEmpty()) {
            new ChangeRun<>(node, new OrderedRecovery(node, wish, uid, told)).begin();
            return;
        }
        FreshLook look = FreshLook.at(node.fleet(), wish.failed(), node.config());
        node.refresh(
                look.silent(),
                LAST_CHANCE,
                () -> node.refresh(look.answering(), READ, () -> {
                    RecoveryAttempt found =
                            wish.with(node.detecting().examine(node.fleet().canonical(wish.failed())));
                    boolean doubtful = found.finding() != null
                            && FreshLook.isDoubtful(found.finding().code());
                    if (doubtful && number < LOOKS) {
                        node.process().in(BETWEEN_LOOKS, () -> look(node, wish, uid, told, number + 1));
                    } else {
                        new ChangeRun<>(node, new OrderedRecovery(node, found, uid, told)).begin();
                    }
                }));
    }

    @Override
    public Actor actor() {
        return wish.actor();
    }

    @Override
    public String lockReason() {
        return Records.lockReason(uid, wish.failed());
    }

    @Override
    public void look(Consumer<Optional<ChangeRun.Prepared<ReadyRecovery>>> told) {
        List<GateVerdict> quick = node.recoveries().gates(wish, null);
        if (RecoveryGates.passed(quick)) {
            looking.first(false, told);
        } else {
            told.accept(Optional.of(ChangeRun.Prepared.refused(new Decision(wish.finding(), quick, null))));
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
                node.runs().beginning(uid, wish.actor(), 0),
                node.process().now().at());
        node.ask((rows, now) -> rows.register(record, authority.right(), now), answer -> {
            if (answer.isEmpty()) {
                over.run();
                unanswered();
                return;
            }
            Optional<Decision> refusal = RecoveryDecision.unregistered(wish, prepared.decision(), answer.get());
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
