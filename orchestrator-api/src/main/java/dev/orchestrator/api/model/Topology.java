package dev.orchestrator.api.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tree of one cluster at one moment. Every member of the cluster is in it exactly once: a ring is opened at its
 * writable (else smallest) member, and a member whose source is unknown is a root of its own.
 *
 * @param roots the trees, the primary's first
 */
public record Topology(Cluster cluster, List<Node> roots) {
    /** Copies the roots. */
    public Topology {
        roots = List.copyOf(roots);
    }

    /**
     * One server in the tree.
     *
     * @param member the server
     * @param depth 0 for a root
     * @param coPrimary whether it is a root because it and its source replicate from each other
     * @param replicas the servers that replicate from it
     */
    public record Node(FleetMember member, int depth, boolean coPrimary, List<Node> replicas) {
        /** Copies the replicas. */
        public Node {
            replicas = List.copyOf(replicas);
        }
    }

    static Topology of(Fleet fleet, Cluster cluster) {
        List<FleetMember> members = fleet.membersOf(cluster.id());
        List<Node> roots = new ArrayList<>();
        Set<InstanceKey> placed = new HashSet<>();
        members.stream()
                .filter(m -> fleet.sourceOf(m)
                        .filter(s -> s.cluster().equals(cluster.id()))
                        .isEmpty())
                .sorted(primaryFirst(cluster))
                .forEach(m -> roots.add(node(fleet, m, 0, false, placed)));
        members.stream()
                .filter(m -> isCoPrimary(fleet, m))
                .sorted(primaryFirst(cluster))
                .filter(m -> placed.add(m.key()))
                .toList()
                .forEach(m -> roots.add(below(fleet, m, 0, true, placed)));
        members.stream()
                .sorted(primaryFirst(cluster))
                .filter(m -> !placed.contains(m.key()))
                .toList()
                .forEach(m -> {
                    if (!placed.contains(m.key())) {
                        roots.add(node(fleet, m, 0, false, placed));
                    }
                });
        return new Topology(cluster, roots);
    }

    private static boolean isCoPrimary(Fleet fleet, FleetMember member) {
        return fleet.sourceOf(member)
                .filter(s -> !s.key().equals(member.key()))
                .flatMap(fleet::sourceOf)
                .filter(s -> s.key().equals(member.key()))
                .isPresent();
    }

    private static Comparator<FleetMember> primaryFirst(Cluster cluster) {
        return Comparator.comparing((FleetMember m) -> !m.key().equals(cluster.primary()))
                .thenComparing(m -> !m.facts().map(Instance::isWritable).orElse(false))
                .thenComparing(FleetMember::key);
    }

    private static Node node(Fleet fleet, FleetMember member, int depth, boolean coPrimary, Set<InstanceKey> placed) {
        placed.add(member.key());
        return below(fleet, member, depth, coPrimary, placed);
    }

    private static Node below(Fleet fleet, FleetMember member, int depth, boolean coPrimary, Set<InstanceKey> placed) {
        List<Node> replicas = new ArrayList<>();
        for (FleetMember replica : fleet.replicasOf(member.key())) {
            FleetMember own = fleet.member(replica.key()).orElse(replica);
            boolean here = fleet.sourceOf(own)
                    .filter(s -> s.key().equals(member.key()))
                    .isPresent();
            if (here && own.cluster().equals(member.cluster()) && !placed.contains(own.key())) {
                replicas.add(node(fleet, own, depth + 1, false, placed));
            }
        }
        return new Node(member, depth, coPrimary, replicas);
    }
}
