package dev.orchestrator.simulation.node;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;

/** Hears of what services do: faults are injected and invariants checked there. */
public interface Watcher {
    /**
     * Something is about to be done, or was just done, by a procedure.
     *
     * @param node the service
     * @param procedure what it carries out
     * @param effect what is done
     * @param before whether it is yet to be done
     */
    void effect(SimulatedService node, String procedure, Effect effect, boolean before);

    /**
     * A recovery begins or goes on.
     *
     * @param node the service
     * @param record its record
     * @param resumed whether another service began it
     */
    void began(SimulatedService node, RecoveryRecord record, boolean resumed);

    /**
     * A recovery has come to its end here.
     *
     * @param node the service
     * @param state its last state
     */
    void ended(SimulatedService node, State state);

    /**
     * Hears of people's orders.
     *
     * @return the listener
     */
    OrderWatcher orders();

    /**
     * It was decided not to recover.
     *
     * @param node the service
     * @param decision why
     */
    void refused(SimulatedService node, Decision decision);

    /**
     * A server takes writes and clients are sent there.
     *
     * @param node the service
     * @param primary the server
     */
    void promoted(SimulatedService node, InstanceKey primary);

    /**
     * Something is found or done that people are told of.
     *
     * @param node the service
     * @param text what
     */
    void told(SimulatedService node, String text);

    /**
     * A server has a structure warning, which the page, the API and health show.
     *
     * @param node the service
     * @param finding with the warning
     */
    void warned(SimulatedService node, FailureAnalysis finding);
}
