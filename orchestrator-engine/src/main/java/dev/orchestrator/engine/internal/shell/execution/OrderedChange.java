package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.decision.ChangeGates;
import java.util.UUID;

/**
 * A change that an operator or program ordered as an {@link Operation}, and is told the outcome of.
 *
 * @param <R> what its run is told
 */
public abstract class OrderedChange<R> implements Change<R, OperationOutcome> {
    /** What was ordered. */
    protected final Operation operation;

    private final Actor actor;
    private final String uid = UUID.randomUUID().toString();

    /**
     * An order.
     *
     * @param operation what was ordered
     * @param actor by whom
     */
    protected OrderedChange(Operation operation, Actor actor) {
        this.operation = operation;
        this.actor = actor;
    }

    @Override
    public final Actor actor() {
        return actor;
    }

    @Override
    public final String uid() {
        return uid;
    }

    @Override
    public final String kind() {
        return operation.type().command();
    }

    @Override
    public final OperationOutcome lockedOut(Prepared<R> first, String holder) {
        return OperationOutcome.refused(operation, ChangeGates.refused(first.decision(), RefusalReason.LOCKED, holder));
    }

    @Override
    public final OperationOutcome refused(Prepared<R> prepared) {
        return OperationOutcome.refused(operation, prepared.decision());
    }
}
