package dev.orchestrator.servlet.internal.json;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.standalone.text.ClusterFilterTexts;
import dev.orchestrator.standalone.text.InstanceView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything the shapes are computed from: one snapshot at one moment.
 *
 * @param fleet the servers
 * @param intents what operators want
 * @param fences the fences that stand
 * @param config the settings
 * @param now the moment
 */
public record ShapeSource(Fleet fleet, Intents intents, List<Fence> fences, OrchestratorConfig config, Instant now) {
    /** Copies the fences. */
    public ShapeSource {
        fences = List.copyOf(fences);
    }

    /**
     * An instance with what is derived from its facts.
     *
     * @param member a member of the fleet
     * @return its view
     */
    public InstanceView view(FleetMember member) {
        return new InstanceView(fleet, member, config, intents, now);
    }

    Optional<Cluster> clusterOf(FleetMember member) {
        return fleet.cluster(member.cluster());
    }

    Optional<InstanceView> view(InstanceKey key) {
        return fleet.member(key).map(this::view);
    }

    /**
     * A cluster in the predecessor's shape ClusterInfo.
     *
     * @param cluster the cluster
     * @return the object
     */
    public Json clusterInfo(Cluster cluster) {
        return Json.object(out -> out.text("ClusterName", cluster.name())
                .text("ClusterAlias", cluster.alias())
                .text("ClusterDomain", cluster.domain())
                .number("CountInstances", fleet.membersOf(cluster.id()).size())
                .number("HeuristicLag", 0)
                .bool("HasAutomatedMasterRecovery", ClusterFilterTexts.match(config.primaryRecoveryFilters(), cluster))
                .bool(
                        "HasAutomatedIntermediateMasterRecovery",
                        ClusterFilterTexts.match(config.intermediateRecoveryFilters(), cluster)));
    }
}
