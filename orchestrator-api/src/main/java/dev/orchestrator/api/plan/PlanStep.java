package dev.orchestrator.api.plan;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;

/**
 * One command to one server.
 *
 * @param instance the server
 * @param serverUuid the identity it must have; the guard checks it on the server
 * @param command what it is told
 * @param timeout how long it may take; cut to the lease
 * @param required whether the plan fails when the step does
 * @param irreversible whether there is no way back
 */
public record PlanStep(
        InstanceKey instance,
        String serverUuid,
        InstanceCommand command,
        Duration timeout,
        boolean required,
        boolean irreversible) {
    /**
     * What the step does, for people.
     *
     * @return such as {@code db2:3306: make it writable}
     */
    public String describe() {
        return instance + ": " + command.describe();
    }
}
