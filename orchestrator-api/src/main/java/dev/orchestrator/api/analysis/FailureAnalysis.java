package dev.orchestrator.api.analysis;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found about one instance, with the evidence.
 *
 * @param code the problem, {@link AnalysisCode#NO_PROBLEM} when there are only warnings
 * @param instance the analysed instance
 * @param source its source, null for a primary
 * @param primary whether it has no source
 * @param coPrimary whether it and its source replicate from each other
 * @param reachable whether its last poll succeeded
 * @param actionable whether an automatic recovery exists for the problem
 * @param downtimed whether the problem is covered by a downtime
 * @param depth its depth in the tree, 0 for a primary
 * @param counts its direct replicas
 * @param replicas the keys of its direct replicas
 * @param warnings structure warnings
 * @param evidence what led to the finding, one sentence each
 */
public record FailureAnalysis(
        AnalysisCode code,
        InstanceKey instance,
        @Nullable InstanceKey source,
        ClusterId cluster,
        boolean primary,
        boolean coPrimary,
        boolean reachable,
        boolean actionable,
        boolean downtimed,
        int depth,
        ReplicaCounts counts,
        List<InstanceKey> replicas,
        List<StructureWarning> warnings,
        List<String> evidence) {
    /** Copies the lists. */
    public FailureAnalysis {
        replicas = List.copyOf(replicas);
        warnings = List.copyOf(warnings);
        evidence = List.copyOf(evidence);
    }
}
