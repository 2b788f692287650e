package dev.orchestrator.standalone.text;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Chooses a few replicas that stand for the whole cluster while somebody changes a schema, as the predecessor does. */
public final class ControlReplicas {
    private static final int A_FEW = 2;

    private ControlReplicas() {}

    /**
     * Up to two of the busiest intermediate sources, two of their replicas, two below those, and two replicas of the
     * primary that have none.
     *
     * @param fleet the fleet
     * @param cluster the cluster
     * @return each once
     */
    public static List<FleetMember> forSchemaChange(Fleet fleet, Cluster cluster) {
        if (cluster.primary() == null) {
            return List.of();
        }
        List<FleetMember> firstTier = fleet.replicasOf(cluster.primary()).stream()
                .filter(FleetMember::isReachable)
                .toList();
        List<FleetMember> busiest = firstTier.stream()
                .filter(m -> !fleet.replicasOf(m.key()).isEmpty())
                .sorted(Comparator.comparingInt(m -> -fleet.replicasOf(m.key()).size()))
                .limit(A_FEW)
                .toList();
        List<FleetMember> secondTier = below(fleet, busiest);
        Set<FleetMember> chosen = new LinkedHashSet<>(busiest);
        chosen.addAll(few(secondTier));
        chosen.addAll(few(below(fleet, secondTier)));
        chosen.addAll(few(firstTier.stream()
                .filter(m -> fleet.replicasOf(m.key()).isEmpty())
                .toList()));
        return new ArrayList<>(chosen);
    }

    /**
     * Replicas that log what they apply in row format.
     *
     * @param fleet the fleet
     * @param cluster the cluster
     * @return ordered by key
     */
    public static List<FleetMember> forGhost(Fleet fleet, Cluster cluster) {
        return fleet.membersOf(cluster.id()).stream()
                .filter(FleetMember::isReachable)
                .filter(m -> fleet.sourceOf(m).isPresent())
                .filter(m -> m.facts().map(ControlReplicas::logsRows).orElse(false))
                .toList();
    }

    private static boolean logsRows(Instance instance) {
        return instance.binlogEnabled()
                && instance.logReplicaUpdates()
                && instance.binlogFormat().equalsIgnoreCase("ROW");
    }

    private static List<FleetMember> below(Fleet fleet, List<FleetMember> sources) {
        return sources.stream()
                .flatMap(m -> fleet.replicasOf(m.key()).stream())
                .filter(FleetMember::isReachable)
                .toList();
    }

    private static List<FleetMember> few(List<FleetMember> members) {
        return members.subList(0, Math.min(A_FEW, members.size()));
    }
}
