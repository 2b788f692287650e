package dev.orchestrator.engine.internal.shell.operation;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationContext;
import dev.orchestrator.engine.internal.core.operation.Proposal;
import dev.orchestrator.engine.internal.core.operation.ServerResults;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepRows;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.OrderedChange;
import dev.orchestrator.engine.internal.shell.execution.Prepared;
import dev.orchestrator.engine.internal.shell.execution.ProcedureRunner;
import dev.orchestrator.engine.internal.shell.execution.RecordPort;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.execution.RunRegistry;
import dev.orchestrator.engine.internal.shell.recovery.RecoveryCoordinator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An operator's change of living servers that keeps no record. */
final class OperationChange extends OrderedChange<OperationChange.Ready> {
    private static final Duration READ = Duration.ofSeconds(2);
    private static final int MOST_ROUNDS = 3;

    private final OperationBinding.Direct binding;
    private final RecoveryPorts ports;
    private final RecoveryCoordinator recovery;
    private final Executor threads;
    // Set by the run.
    private List<InstanceKey> touched = List.of();

    /**
     * What the run is told.
     *
     * @param fleet the fresh picture
     * @param work what is to be done
     */
    record Ready(Fleet fleet, Proposal.Work work) {}

    OperationChange(Parts parts, Operation operation, OperationBinding.Direct binding, Actor actor) {
        super(operation, actor);
        this.binding = binding;
        this.ports = parts.ports();
        this.recovery = parts.recovery();
        this.threads = parts.threads();
    }

    /** What operations share. */
    record Parts(RecoveryPorts ports, RecoveryCoordinator recovery, Executor threads) {}

    @Override
    public String lockReason() {
        return operation.describe();
    }

    @Override
    public Prepared<Ready> look() {
        OperationContext context = readAnew();
        Fleet fleet = context.fleet();
        Proposal proposal = binding.proposal().apply(context);
        Decision decision = proposal.decide(fleet, ports.clocks().now());
        Proposal.Work work = proposal.work();
        if (work == null || decision.refusal().isPresent()) {
            return Prepared.refused(decision);
        }
        return activeRecovery(work.cluster())
                .map(r -> Prepared.<Ready>refused(refusedBy(decision, r)))
                .orElseGet(() -> new Prepared<>(
                        decision, LockRequest.of(work.exclusive(), work.shared()), new Ready(fleet, work)));
    }

    private Optional<RecoveryRecord> activeRecovery(ClusterId cluster) {
        return ports.recoveries().find(RecoveryFilter.active()).stream()
                .filter(r -> r.cluster().equals(cluster))
                .findFirst();
    }

    private static Decision refusedBy(Decision decision, RecoveryRecord r) {
        List<GateVerdict> all = new ArrayList<>(decision.verdicts());
        all.add(new GateVerdict(
                "is no recovery of the cluster active",
                RefusalReason.RECOVERY_ACTIVE,
                "recovery " + r.uid() + " of " + r.failed() + " is under way since " + r.startedAt() + ", by "
                        + r.actor()));
        return new Decision(decision.analysis(), all, null);
    }

    /** With everybody read on whose present state the answer depends; a reading may show that others count as well. */
    private OperationContext readAnew() {
        List<Fence> fences = ports.fences().standing();
        Set<InstanceKey> read = new HashSet<>();
        OperationContext context = on(ports.fleet().current(), fences);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<InstanceKey> unread = binding.reads().apply(context).stream()
                    .filter(k -> !read.contains(k))
                    .toList();
            if (unread.isEmpty()) {
                break;
            }
            context = on(ports.fleet().refresh(unread, READ), fences);
            read.addAll(unread);
        }
        return context;
    }

    private OperationContext on(Fleet fleet, List<Fence> fences) {
        return new OperationContext(fleet, ports.config(), fences, actor().toString());
    }

    @Override
    public Prepared<Ready> lookAgain(MaintenanceLock lock) {
        return look();
    }

    @Override
    public OperationOutcome run(Prepared<Ready> prepared, MaintenanceLock lock, RunRegistry.Run running) {
        Ready ready = prepared.what();
        Map<Integer, RecoveryStepRecord> rows = new ConcurrentSkipListMap<>();
        ProcedureRunner runner = new ProcedureRunner(new ProcedureRunner.Links(
                ports.gateway()::command,
                ports.fleet()::refresh,
                Authority.ofLocks(lock, ports.clocks().ticker()),
                RecordPort.NONE,
                new StepRows(uid(), 0),
                row -> rows.put(row.number(), row),
                (what, state) -> tell(what, lock),
                running::phase,
                threads,
                ports.clocks()));
        running.controlledBy(runner);
        Moment now = ports.clocks().now();
        touched = List.copyOf(prepared.locks().all());
        State end =
                runner.run(ready.work().procedure(), State.begin(ready.work().terms(), ready.fleet(), null, now));
        return new OperationOutcome(
                operation,
                prepared.decision(),
                ServerResults.of(end),
                List.copyOf(rows.values()),
                failure(ready, end),
                null,
                List.of());
    }

    /** The servers that may have been changed; none before the run. */
    List<InstanceKey> touched() {
        return touched;
    }

    private void tell(Announcement what, MaintenanceLock lock) {
        if (what instanceof Announcement.Lifted lifted) {
            Fence fence = lifted.fence();
            if (!recovery.liftFence(
                    fence.serverUuid(), Authority.ofLocks(lock, ports.clocks().ticker()), lifted.why())) {
                throw new OrchestratorException(
                        ErrorCode.LOCK_LOST,
                        "the fence of " + fence.instance() + " was not lifted: the locks of the order had ended"
                                + " before it was written; order it again");
            }
        }
    }

    /** Why it did not reach its aim, and what became of what was begun; null when it did. */
    private static @Nullable String failure(Ready ready, State end) {
        if (end.end() == Effect.End.SUCCEEDED) {
            return null;
        }
        if (end.end() == Effect.End.ABANDONED) {
            return "the right to act is gone: " + end.rightLost() + "; what was begun stays as it is";
        }
        String why = Objects.requireNonNullElse(end.memory().givenUp(), "it was given up");
        if (ready.work().procedure().back().isEmpty()) {
            return why;
        }
        List<String> left = end.memory().problems().stream()
                .filter(p -> p.startsWith("not restored"))
                .toList();
        return why + (left.isEmpty() ? "; it was taken back" : "; and it could not be taken back: " + left);
    }
}
