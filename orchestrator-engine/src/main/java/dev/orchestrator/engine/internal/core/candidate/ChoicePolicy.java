package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.config.SemiSyncLossPolicy;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.decision.ConfiguredClusters;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a choice may do in a cluster.
 *
 * @param automatic whether nobody ordered it
 * @param acceptedFilters replication filters that do not matter in this cluster
 * @param semiSyncLoss what is done when only silent servers may hold what was acknowledged
 */
public record ChoicePolicy(boolean automatic, Set<String> acceptedFilters, SemiSyncLossPolicy semiSyncLoss) {
    /** Copies the filters. */
    public ChoicePolicy {
        acceptedFilters = Set.copyOf(acceptedFilters);
    }

    /**
     * The policy of the settings.
     *
     * @param config the settings
     * @param fleet the snapshot
     * @param member a server of the cluster
     * @param automatic whether nobody ordered the choice
     * @return the policy of the cluster
     */
    public static ChoicePolicy of(OrchestratorConfig config, Fleet fleet, InstanceKey member, boolean automatic) {
        return new ChoicePolicy(automatic, acceptedFilters(config, fleet, member), config.semiSyncLossPolicy());
    }

    private static Set<String> acceptedFilters(OrchestratorConfig config, Fleet fleet, InstanceKey member) {
        return fleet.member(member).flatMap(m -> fleet.cluster(m.cluster())).stream()
                .flatMap(c -> config.acceptedReplicationFilters().entrySet().stream()
                        .filter(e -> ConfiguredClusters.naming(List.of(e.getKey()), c)
                                .isPresent()))
                .flatMap(e -> e.getValue().stream())
                .collect(Collectors.toSet());
    }
}
