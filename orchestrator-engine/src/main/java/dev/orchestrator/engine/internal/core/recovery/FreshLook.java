package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is read before it is decided what to do about a failed server: itself, its replicas, and the replicas of those of
 * them that are silent.
 *
 * @param silent who did not answer the last time: they get one more chance, but not the patience of a whole poll
 * @param answering the others
 */
public record FreshLook(List<InstanceKey> silent, List<InstanceKey> answering) {
    private static final Set<AnalysisCode> DOUBTFUL = EnumSet.of(
            AnalysisCode.UNREACHABLE_PRIMARY,
            AnalysisCode.UNREACHABLE_PRIMARY_WITH_LAGGING_REPLICAS,
            AnalysisCode.UNREACHABLE_CO_PRIMARY,
            AnalysisCode.UNREACHABLE_INTERMEDIATE_SOURCE,
            AnalysisCode.UNREACHABLE_INTERMEDIATE_SOURCE_WITH_LAGGING_REPLICAS);

    /**
     * Says who is to be read.
     *
     * @param known the snapshot before
     * @param failed the failed server
     * @param config the settings
     * @return all of them
     */
    public static FreshLook at(Fleet known, InstanceKey failed, OrchestratorConfig config) {
        List<InstanceKey> answering = new ArrayList<>();
        List<InstanceKey> silent = new ArrayList<>(List.of(known.canonical(failed)));
        for (InstanceKey key : RecoveryScope.of(known, failed, Map.of(), Map.of(), null, true, config)
                .followers()) {
            boolean fails = known.member(key).filter(m -> m.failure() != null).isPresent();
            (fails ? silent : answering).add(key);
        }
        return new FreshLook(List.copyOf(silent), List.copyOf(answering));
    }

    /**
     * Whether another look may tell more: the server is silent, and its replicas were read before it fell silent, or have
     * not noticed yet.
     *
     * @param found what the last look found
     * @return false when it is clear
     */
    public static boolean isDoubtful(AnalysisCode found) {
        return DOUBTFUL.contains(found);
    }
}
