package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.FenceOperation;
import dev.orchestrator.api.operation.MoveOperation;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.ReplicationOperation;
import dev.orchestrator.api.operation.TakeoverOperation;
import dev.orchestrator.api.operation.WriteOperation;
import java.util.List;
import java.util.function.Function;

/** Which procedure carries out which operation. One that is not bound here does not compile. */
public final class OperationProcedures implements Operation.Cases<OperationBinding> {
    private static final OperationProcedures TABLE = new OperationProcedures();

    private OperationProcedures() {}

    /**
     * How an operation is carried out.
     *
     * @param operation the operation
     * @return its line of the table
     */
    public static OperationBinding of(Operation operation) {
        return operation.match(TABLE);
    }

    @Override
    public OperationBinding relocate(MoveOperation.Relocate o) {
        return on(c -> new MoveReplica(c).propose(o.replica(), o.below()), o.replica(), o.below());
    }

    @Override
    public OperationBinding moveGtid(MoveOperation.MoveGtid o) {
        return on(c -> new MoveReplica(c).propose(o.replica(), o.below()), o.replica(), o.below());
    }

    @Override
    public OperationBinding moveUp(MoveOperation.MoveUp o) {
        return new OperationBinding.Direct(
                c -> new MoveReplica(c).withAllAbove(o.replica()), c -> new MoveReplica(c).up(o.replica()));
    }

    @Override
    public OperationBinding repoint(MoveOperation.Repoint o) {
        return new OperationBinding.Direct(
                c -> new AttachReplica(c).concerned(o.replica(), o.below()),
                c -> new AttachReplica(c).propose(o.replica(), o.below()));
    }

    @Override
    public OperationBinding startReplica(ReplicationOperation.StartReplica o) {
        return on(c -> new ControlReplication(c).start(o.replica()), o.replica());
    }

    @Override
    public OperationBinding stopReplica(ReplicationOperation.StopReplica o) {
        return on(c -> new ControlReplication(c).stop(o.replica()), o.replica());
    }

    @Override
    public OperationBinding restartReplica(ReplicationOperation.RestartReplica o) {
        return on(c -> new ControlReplication(c).restart(o.replica()), o.replica());
    }

    @Override
    public OperationBinding setReadOnly(WriteOperation.SetReadOnly o) {
        return on(c -> new ControlWrites(c).readOnly(o.server()), o.server());
    }

    @Override
    public OperationBinding setWriteable(WriteOperation.SetWriteable o) {
        return on(c -> new ControlWrites(c).writable(o.server()), o.server());
    }

    @Override
    public OperationBinding liftFence(FenceOperation.LiftFence o) {
        return new OperationBinding.Direct(
                c -> new FenceLifting(c).concerned(o.server()), c -> new FenceLifting(c).lift(o.server()));
    }

    @Override
    public OperationBinding forceLiftFence(FenceOperation.ForceLiftFence o) {
        return new OperationBinding.Direct(
                c -> new FenceLifting(c).concerned(o.server()), c -> new FenceLifting(c).liftByForce(o.server()));
    }

    @Override
    public OperationBinding gracefulTakeover(TakeoverOperation.GracefulTakeover o) {
        return new OperationBinding.Switchover(o, o.primary(), o.successor(), false, false);
    }

    @Override
    public OperationBinding gracefulTakeoverAuto(TakeoverOperation.GracefulTakeoverAuto o) {
        return new OperationBinding.Switchover(o, o.primary(), o.successor(), true, true);
    }

    private static OperationBinding on(Function<OperationContext, PlannedOperation> proposal, InstanceKey... reads) {
        List<InstanceKey> keys = List.of(reads);
        return new OperationBinding.Direct(c -> keys, proposal);
    }
}
