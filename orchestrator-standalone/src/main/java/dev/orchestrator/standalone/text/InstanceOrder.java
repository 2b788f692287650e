package dev.orchestrator.standalone.text;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Topology;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order in which the predecessor lists instances. */
public final class InstanceOrder {
    private InstanceOrder() {}

    /**
     * All instances by depth, then most replicas, then cluster, then key.
     *
     * @param fleet the fleet
     * @return every member once
     */
    public static List<FleetMember> byDepth(Fleet fleet) {
        Map<InstanceKey, Integer> depths = depths(fleet);
        return fleet.members().stream()
                .sorted(Comparator.comparingInt((FleetMember m) -> depths.getOrDefault(m.key(), 0))
                        .thenComparingInt(m -> -fleet.replicasOf(m.key()).size())
                        .thenComparing(m ->
                                fleet.cluster(m.cluster()).map(Cluster::name).orElse(""))
                        .thenComparing(FleetMember::key))
                .toList();
    }

    /**
     * How deep each instance hangs in the tree of its cluster.
     *
     * @param fleet the fleet
     * @return depth by key, 0 for a root
     */
    public static Map<InstanceKey, Integer> depths(Fleet fleet) {
        Map<InstanceKey, Integer> depths = new HashMap<>();
        fleet.clusters().forEach(c -> fleet.topology(c).roots().forEach(root -> collect(root, depths)));
        return depths;
    }

    private static void collect(Topology.Node node, Map<InstanceKey, Integer> depths) {
        depths.put(node.member().key(), node.depth());
        node.replicas().forEach(replica -> collect(replica, depths));
    }
}
