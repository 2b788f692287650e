package dev.orchestrator.engine.internal.shell.operation;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationContext;
import dev.orchestrator.engine.internal.core.operation.PlannedOperation;
import dev.orchestrator.engine.internal.core.operation.ServerResults;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
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
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;

/** An operator's change of living servers that keeps no record. */
final class OperationChange extends OrderedChange<OperationChange.Ready> {
    private static final Duration READ = Duration.ofSeconds(2);
    private static final int MOST_ROUNDS = 3;

    private final OperationBinding.Direct binding;
    private final RecoveryPorts ports;
    private final Fences fences;
    private final Executor threads;
    // Set by the run.
    private List<InstanceKey> touched = List.of();

    /**
     * What the run is told.
     *
     * @param fleet the fresh snapshot
     * @param work what is to be done
     */
    record Ready(Fleet fleet, PlannedOperation.Work work) {}

    OperationChange(Parts parts, Operation operation, OperationBinding.Direct binding, Actor actor) {
        super(operation, actor);
        this.binding = binding;
        this.ports = parts.ports();
        this.fences = parts.fences();
        this.threads = parts.threads();
    }

    /** What operations share. */
    record Parts(RecoveryPorts ports, Fences fences, Executor threads) {}

    @Override
    public String lockReason() {
        return operation.describe();
    }

    @Override
    public Prepared<Ready> look() {
        OperationContext context = readAnew();
        Fleet fleet = context.fleet();
        PlannedOperation proposal = binding.proposal().apply(context);
        Decision decision = proposal.decide(fleet, ports.clocks().now());
        PlannedOperation.Work work = proposal.work();
        if (work == null || decision.refusal().isPresent()) {
            return Prepared.refused(decision);
        }
        return work.whileRecovered(decision, ports.recoveries().find(RecoveryFilter.active()))
                .map(Prepared::<Ready>refused)
                .orElseGet(() -> new Prepared<>(decision, work.locks(), new Ready(fleet, work)));
    }

    /** With everybody read on whose present state the answer depends; a reading may show that others count as well. */
    private OperationContext readAnew() {
        List<Fence> standing = ports.fences().standing();
        Set<InstanceKey> read = new HashSet<>();
        OperationContext context = on(ports.fleet().current(), standing);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<InstanceKey> unread = binding.reads().apply(context).stream()
                    .filter(k -> !read.contains(k))
                    .toList();
            if (unread.isEmpty()) {
                break;
            }
            context = on(ports.fleet().refresh(unread, READ), standing);
            read.addAll(unread);
        }
        return context;
    }

    private OperationContext on(Fleet fleet, List<Fence> standing) {
        return new OperationContext(fleet, ports.config(), standing, actor().toString());
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
                ready.work().failure(end),
                null,
                List.of());
    }

    /** The servers that may have been changed; none before the run. */
    List<InstanceKey> touched() {
        return touched;
    }

    /** No operation promotes anybody, or fences or compares servers: that is what recoveries tell. */
    private void tell(Announcement what, MaintenanceLock lock) {
        what.match(new Announcement.Cases<Runnable>() {
                    @Override
                    public Runnable promoted(Announcement.Promoted it) {
                        return () -> {};
                    }

                    @Override
                    public Runnable fenced(Announcement.Fenced it) {
                        return () -> {};
                    }

                    @Override
                    public Runnable lifted(Announcement.Lifted it) {
                        return () -> lift(it, lock);
                    }

                    @Override
                    public Runnable compared(Announcement.Compared it) {
                        return () -> {};
                    }
                })
                .run();
    }

    private void lift(Announcement.Lifted lifted, MaintenanceLock lock) {
        Fence fence = lifted.fence();
        Authority right = Authority.ofLocks(lock, ports.clocks().ticker());
        if (!fences.release(fence.serverUuid(), right, lifted.why())) {
            throw new OrchestratorException(
                    ErrorCode.LOCK_LOST,
                    "the fence of " + fence.instance() + " was not lifted: the locks of the order had ended"
                            + " before it was written; order it again");
        }
    }
}
