package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import java.util.List;
import java.util.Optional;

/** What detection finds wrong, and its rules for a given snapshot. */
public interface Reanalysis {
    /**
     * Analyses one instance.
     *
     * @param fleet the snapshot, freshly read
     * @param instance the instance
     * @return what is wrong with it, empty for nothing
     */
    Optional<FailureAnalysis> analyze(Fleet fleet, InstanceKey instance);

    /**
     * What was found last, of all clusters.
     *
     * @return problems and warnings
     */
    List<FailureAnalysis> findings();
}
