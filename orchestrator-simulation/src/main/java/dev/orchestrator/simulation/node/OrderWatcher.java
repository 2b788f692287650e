package dev.orchestrator.simulation.node;

import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.spi.Right;
import org.jspecify.annotations.Nullable;

/** Hears what becomes of people's orders. */
public interface OrderWatcher {
    /**
     * An operation that keeps no record begins, its locks in hand.
     *
     * @param node the service
     * @param uid its identity
     * @param operation what was ordered
     * @param right by what right it acts
     */
    void begins(SimulatedService node, String uid, Operation operation, Right right);

    /**
     * It is over; its locks hold still.
     *
     * @param node the service
     * @param uid its identity
     * @param end its last state
     * @param failure what people are told when it did not reach its aim, null when it did
     */
    void over(SimulatedService node, String uid, State end, @Nullable String failure);

    /**
     * A service hears that a change of it shall stop.
     *
     * @param node the service
     * @param uid the change
     */
    void asked(SimulatedService node, String uid);

    /**
     * A change that shall stop says what it makes of that.
     *
     * @param node the service
     * @param uid the change
     * @param outcome what it does
     */
    void answered(SimulatedService node, String uid, CancelOutcome outcome);
}
