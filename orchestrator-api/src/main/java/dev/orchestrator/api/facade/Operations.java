package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;

/**
 * Operators' changes of living topologies. Each is planned on fresh reads, run under maintenance locks by the process
 * that was asked, whoever leads, and read back. Thread-safe; all methods block.
 */
public interface Operations {
    /**
     * What would be done now. Changes nothing and takes no lock.
     *
     * @param operation what is asked for
     * @return the plan, or the refusal with its reason
     */
    Decision plan(Operation operation);

    /**
     * Does it, or refuses. What fails half way is taken back as far as it can be, and said.
     *
     * @param operation what is asked for
     * @param actor who asks for it
     * @return what came of it
     */
    OperationOutcome run(Operation operation, Actor actor);
}
