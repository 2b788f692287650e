package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.InstanceKey;

/**
 * Which step of a procedure: the same one, told again, is the same row of the record.
 *
 * @param phase the phase it belongs to
 * @param server the server that is told
 * @param what tells the steps of a phase on one server apart
 */
public record StepId(String phase, InstanceKey server, String what) {
    @Override
    public String toString() {
        return phase + "/" + server + "/" + what;
    }
}
