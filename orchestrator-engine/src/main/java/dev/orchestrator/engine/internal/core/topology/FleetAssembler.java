package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.gtid.ErrantGtids;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Makes the fleet out of what is known of each server: same input, same answer, but for the ids of new clusters. It
 * remembers what it computed last only to save work, and therefore belongs to one thread at a time.
 *
 * <p><b>Which servers form a cluster.</b> Those that hang together by the sources of their main channels (a component).
 *
 * <p><b>Which identity a component has.</b>
 *
 * <ol>
 *   <li>A former primary under a fence, with whoever still hangs below it, belongs to the cluster it was fenced for; the
 *       server that took over from it carries that cluster's identity on.
 *   <li>Otherwise a component keeps the id its primary had; if the primary had none, or was alone in its cluster and now
 *       leads two or more servers of a cluster that its former primary does not lead any more, the id most of the others
 *       had (ties: the smallest).
 *   <li>An id can be taken from others only by a component that is led by a writable, reachable server with replicas of
 *       its own and without a fence. If several such ask for one id, it goes to the one led by the cluster's last known
 *       primary, then to the one with most of its former members, then to the smallest key; the others get new ids (a
 *       split), unless the one it went to was read before them: then they stay until it has been read again.
 *   <li>Everybody else stays in the cluster it was in: a dead former primary, a server whose replication was reset, the
 *       replicas left at a dead primary.
 *   <li>Nobody in it had an id: a new one.
 * </ol>
 *
 * So an id goes with the new primary after a failover, with the remaining primary after a merge, and with the old
 * primary after a split.
 *
 * <p><b>The primary of a cluster</b> is the leader of one of its components: not one under a fence; the successor named
 * by the latest fence, until another primary was seen ({@link PrimaryChoice}); a serving one with replicas; one with replicas; a serving one; the former primary; most replicas;
 * the smallest key. In a ring the writable one leads, else the former primary, else the smallest key. A channel that was
 * left from before its server was made the primary ({@link LeftoverChannels}) counts as none.
 */
public final class FleetAssembler {
    /** The cluster of a member that was not assembled into the fleet yet. */
    public static final ClusterId UNASSIGNED = new ClusterId("unassigned");

    private final Supplier<String> newIds;
    private final ClusterNaming naming;
    private final ErrantGtids errants = new ErrantGtids();

    /**
     * Makes an assembler.
     *
     * @param newIds gives the ids of new clusters, each once
     * @param clusterNameToAlias regular expression on a cluster's name to alias; tried in the order of their text
     */
    public FleetAssembler(Supplier<String> newIds, Map<String, String> clusterNameToAlias) {
        this.newIds = newIds;
        this.naming = new ClusterNaming(clusterNameToAlias);
    }

    /**
     * Makes the snapshot.
     *
     * @param observed all servers with their latest observations and the clusters they were in, in the order they became
     *     known; new ones are in {@link #UNASSIGNED}
     * @param knownClusters the clusters of the previous snapshot
     * @param otherNames the other names of the previous snapshot, and those the caller knows of
     * @param intents operators' intent: aliases
     * @param fences the fences that stand
     * @return the fleet; a key that turned out to be another name of a member is in its other names and no member
     */
    public Fleet assemble(
            Collection<FleetMember> observed,
            Collection<Cluster> knownClusters,
            Map<InstanceKey, InstanceKey> otherNames,
            Intents intents,
            List<Fence> fences) {
        IdentityResolver.Identities identities = IdentityResolver.resolve(observed, otherNames);
        FenceBook fenceBook = new FenceBook(fences);
        Map<ClusterId, Cluster> known = new HashMap<>();
        knownClusters.forEach(c -> known.put(c.id(), c));
        List<FleetMember> members =
                LeftoverChannels.mark(identities.members(), identities.otherNames(), fenceBook, known);
        Links links = new Links(members, identities.otherNames());
        List<Component> components = links.components().stream()
                .map(c -> component(c, members, links, known))
                .toList();
        Map<Component, ClusterId> ids =
                new ClusterIdentity(members, links, known, fenceBook, newIds).assign(components);
        List<Cluster> clusters =
                naming.name(clusters(components, ids, members, known, fenceBook), intents.clusterAliases());
        List<FleetMember> placed = place(members, links, components, ids, identities.clashes());
        return Fleet.of(placed, clusters, identities.otherNames());
    }

    /**
     * Makes the snapshot after polls that brought nothing clusters are made of: each member is one already, with the same
     * identity, sources and writability, reachable or not as before, in no replication group, and no other has its
     * server_uuid; none that is writable has a channel.
     *
     * @param previous the snapshot before
     * @param changed the members that were polled
     * @return the snapshot with them, and with what this says about errant transactions of them and their replicas
     */
    public Fleet update(Fleet previous, Collection<FleetMember> changed) {
        Fleet fleet = previous.with(changed);
        Map<InstanceKey, FleetMember> concerned = new HashMap<>();
        for (FleetMember member : changed) {
            concerned.put(member.key(), member);
            for (FleetMember replica : fleet.replicasOf(member.key())) {
                fleet.member(replica.key()).ifPresent(r -> concerned.put(r.key(), r));
            }
        }
        List<FleetMember> marked = new ArrayList<>();
        concerned.values().forEach(member -> {
            FleetMember now = errants.mark(member, ancestors(member, fleet));
            if (now != member) {
                marked.add(now);
            }
        });
        return fleet.with(marked);
    }

    private static List<FleetMember> ancestors(FleetMember member, Fleet fleet) {
        List<FleetMember> ancestors = new ArrayList<>(2);
        Set<InstanceKey> seen = new HashSet<>();
        FleetMember at = fleet.sourceOf(member).orElse(null);
        while (at != null && seen.add(at.key())) {
            ancestors.add(at);
            at = fleet.sourceOf(at).orElse(null);
        }
        return ancestors;
    }

    private static Component component(
            List<Integer> nodes, List<FleetMember> members, Links links, Map<ClusterId, Cluster> known) {
        List<Integer> tops = nodes.stream().filter(i -> links.sourceOf(i) < 0).toList();
        List<Integer> candidates = tops.isEmpty()
                ? links.ringAbove(nodes.get(0), nodes.size())
                : tops.stream().filter(i -> !links.hasUnknownSource(i)).toList();
        Comparator<Integer> best = Comparator.comparing((Integer i) ->
                        !members.get(i).facts().map(Instance::isWritable).orElse(false))
                .thenComparing(i -> -(tops.isEmpty() ? 0 : links.replicaCount(i)))
                .thenComparing(i -> !isFormerPrimary(members.get(i), known))
                .thenComparing(i -> members.get(i).key());
        Integer leader = candidates.stream().min(best).orElse(null);
        return new Component(
                nodes, leader == null ? null : members.get(leader), leader == null ? 0 : links.replicaCount(leader));
    }

    private static boolean isFormerPrimary(FleetMember member, Map<ClusterId, Cluster> known) {
        Cluster cluster = known.get(member.cluster());
        return cluster != null && member.key().equals(cluster.primary());
    }

    private static List<ClusterNaming.Unnamed> clusters(
            List<Component> components,
            Map<Component, ClusterId> ids,
            List<FleetMember> members,
            Map<ClusterId, Cluster> known,
            FenceBook fences) {
        Map<ClusterId, List<Component>> byId = new TreeMap<>();
        components.forEach(c ->
                byId.computeIfAbsent(idOf(ids, c), id -> new ArrayList<>(1)).add(c));
        List<ClusterNaming.Unnamed> result = new ArrayList<>(byId.size());
        byId.forEach((id, parts) -> {
            Cluster former = known.get(id);
            List<FleetMember> inside = parts.stream()
                    .flatMap(c -> c.members().stream())
                    .map(members::get)
                    .sorted(Comparator.comparing(FleetMember::key))
                    .toList();
            result.add(new ClusterNaming.Unnamed(
                    id, former, new PrimaryChoice(former, fences.latestOf(id), fences).among(parts), inside));
        });
        return result;
    }

    private List<FleetMember> place(
            List<FleetMember> members,
            Links links,
            List<Component> components,
            Map<Component, ClusterId> ids,
            Map<String, List<InstanceKey>> clashes) {
        List<FleetMember> placed = new ArrayList<>(members);
        for (Component component : components) {
            ClusterId id = idOf(ids, component);
            for (int i : component.members()) {
                FleetMember member = errants.mark(members.get(i), ancestors(i, members, links));
                placed.set(i, withClash(member, clashes).inCluster(id));
            }
        }
        errants.forgetAllBut(members);
        return placed;
    }

    private static ClusterId idOf(Map<Component, ClusterId> ids, Component component) {
        ClusterId id = ids.get(component);
        if (id == null) {
            throw new IllegalStateException("component without identity: " + component);
        }
        return id;
    }

    /** The source first, then its source; a ring is walked once, and then contains the member itself. */
    private static List<FleetMember> ancestors(int member, List<FleetMember> members, Links links) {
        if (links.sourceOf(member) < 0) {
            return List.of();
        }
        List<FleetMember> ancestors = new ArrayList<>(2);
        Set<Integer> seen = new HashSet<>();
        for (int at = links.sourceOf(member); at >= 0 && seen.add(at); at = links.sourceOf(at)) {
            ancestors.add(members.get(at));
        }
        return ancestors;
    }

    private static FleetMember withClash(FleetMember member, Map<String, List<InstanceKey>> clashes) {
        Instance facts = member.instance();
        List<InstanceKey> sharing = facts == null ? null : clashes.get(facts.serverUuid());
        if (facts == null || sharing == null) {
            return member;
        }
        String limitation = "shares its server_uuid " + facts.serverUuid() + " with "
                + sharing.stream()
                        .filter(k -> !k.equals(member.key()))
                        .map(InstanceKey::toString)
                        .sorted()
                        .toList()
                + ": one of them is a copy; remove its auto.cnf and restart it";
        if (facts.limitations().contains(limitation)) {
            return member;
        }
        List<String> limitations = new ArrayList<>(facts.limitations());
        limitations.add(limitation);
        return member.withInstance(facts.toBuilder().limitations(limitations).build());
    }
}
