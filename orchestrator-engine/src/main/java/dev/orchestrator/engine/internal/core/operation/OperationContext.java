package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import java.util.List;

/**
 * What an operation is decided on.
 *
 * @param fleet the servers as they are known
 * @param config the settings
 * @param fences servers that must stay read-only
 * @param actor who ordered it, for people
 */
public record OperationContext(Fleet fleet, OrchestratorConfig config, List<Fence> fences, String actor) {
    /** Copies the list. */
    public OperationContext {
        fences = List.copyOf(fences);
    }
}
