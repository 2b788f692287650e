package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationContext;
import dev.orchestrator.engine.internal.core.operation.PlannedOperation;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An operator's change of living servers that keeps no record, by an operator's order to this service. Not thread-safe. */
final class SimulatedOperation implements ChangeRun.Change<SimulatedOperation.Ready> {
    private static final Duration READ = Duration.ofSeconds(2);
    private static final int MOST_ROUNDS = 3;

    private final SimulatedService node;
    private final Operation operation;
    private final OperationBinding.Direct binding;
    private final Actor actor;
    private final String uid;
    private final Consumer<OrderOutcome> told;

    /**
     * What the run is told.
     *
     * @param fleet the fresh snapshot
     * @param work what is to be done
     */
    record Ready(Fleet fleet, PlannedOperation.Work work) {}

    SimulatedOperation(
            SimulatedService node,
            Operation operation,
            OperationBinding.Direct binding,
            Actor actor,
            String uid,
            Consumer<OrderOutcome> told) {
        this.node = node;
        this.operation = operation;
        this.binding = binding;
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
        return operation.describe();
    }

    /** With everybody read on whose present state the answer depends; a reading may show that others count as well. */
    @Override
    public void look(Consumer<Optional<ChangeRun.Prepared<Ready>>> told) {
        node.ask((rows, now) -> rows.fences(), fences -> {
            if (fences.isEmpty()) {
                told.accept(Optional.empty());
            } else {
                read(fences.get(), new HashSet<>(), 0, context -> decide(context, told));
            }
        });
    }

    @Override
    public void lookAgain(SimulatedLock lock, Consumer<Optional<ChangeRun.Prepared<Ready>>> told) {
        look(told);
    }

    private void read(List<Fence> fences, Set<InstanceKey> read, int round, Consumer<OperationContext> then) {
        OperationContext context = new OperationContext(node.fleet(), node.config(), fences, actor.toString());
        List<InstanceKey> unread = binding.reads().apply(context).stream()
                .filter(k -> !read.contains(k))
                .filter(k -> node.fleet().member(k).isPresent())
                .toList();
        if (unread.isEmpty() || round >= MOST_ROUNDS) {
            then.accept(context);
            return;
        }
        read.addAll(unread);
        node.refresh(unread, READ, () -> read(fences, read, round + 1, then));
    }

    private void decide(OperationContext context, Consumer<Optional<ChangeRun.Prepared<Ready>>> told) {
        PlannedOperation proposal = binding.proposal().apply(context);
        Decision decision = proposal.decide(context.fleet(), node.process().now());
        PlannedOperation.Work work = proposal.work();
        if (work == null || decision.refusal().isPresent()) {
            told.accept(Optional.of(ChangeRun.Prepared.refused(decision)));
            return;
        }
        node.ask(
                (rows, now) -> rows.recoveries().stream()
                        .filter(RecoveryRecord::isActive)
                        .toList(),
                active -> told.accept(active.map(a -> work.whileRecovered(decision, a)
                        .map(ChangeRun.Prepared::<Ready>refused)
                        .orElseGet(() ->
                                new ChangeRun.Prepared<>(decision, work.locks(), new Ready(context.fleet(), work))))));
    }

    @Override
    public void run(ChangeRun.Prepared<Ready> prepared, SimulatedLock lock, Runnable over) {
        Ready ready = prepared.what();
        PlannedOperation.Work work = ready.work();
        SimulatedAuthority authority = SimulatedAuthority.ofLocks(lock);
        String name = operation.type().command();
        ProcedureRun.Links links = new ProcedureRun.Links(
                node.gateway(),
                node::read,
                authority,
                (save, outcome) -> {
                    throw new IllegalStateException(name + " keeps no record");
                },
                said -> tell(said, authority),
                (effect, before) -> node.world().watcher().effect(node, name, effect, before));
        Procedure procedure = node.world().engine().procedure().apply(work.procedure());
        State begin =
                State.begin(work.terms(), ready.fleet(), null, node.process().now());
        OrderWatcher watcher = node.world().watcher().orders();
        watcher.begins(node, uid, operation, authority.right());
        ProcedureRun run = new ProcedureRun(node.process(), links, procedure, begin, end -> {
            @Nullable String failure = work.failure(end);
            watcher.over(node, uid, end, failure);
            node.underWay().end(uid);
            over.run();
            show(work);
            told.accept(failure == null ? OrderOutcome.done() : OrderOutcome.failed(failure));
        });
        node.underWay().begin(uid, name, run);
        run.begin();
    }

    private void show(PlannedOperation.Work work) {
        List<InstanceKey> touched = List.copyOf(work.locks().all());
        node.refresh(touched, READ, () -> node.show(touched));
    }

    /** No operation promotes anybody, or fences or compares servers: that is what recoveries tell. */
    private void tell(Announcement what, SimulatedAuthority authority) {
        if (what instanceof Announcement.Lifted lifted) {
            node.write(
                    (rows, now) ->
                            rows.updateFence(lifted.fence(), FenceState.LIFTED, lifted.why(), authority.right(), now),
                    written -> {});
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
