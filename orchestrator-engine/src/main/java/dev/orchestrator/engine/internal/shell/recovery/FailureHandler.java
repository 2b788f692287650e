package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.analysis.FailureAnalysis;
import java.util.List;

/** Told of findings that something can be done about. Must not block. */
@FunctionalInterface
public interface FailureHandler {
    /**
     * Actionable findings of one cluster. Told again as long as they stand.
     *
     * @param findings what was found, the most severe first
     */
    void handle(List<FailureAnalysis> findings);
}
