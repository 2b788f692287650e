package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import java.util.Optional;

/** Finds out what is wrong with an instance on a given picture. Pure; the same rules that detection uses. */
@FunctionalInterface
public interface Reanalysis {
    /**
     * Analyses one instance.
     *
     * @param fleet the picture, freshly read
     * @param instance the instance
     * @return what is wrong with it, empty for nothing
     */
    Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey instance);
}
