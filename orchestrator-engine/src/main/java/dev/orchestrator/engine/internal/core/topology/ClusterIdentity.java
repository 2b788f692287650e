package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives each component the identity it had before, or a new one. The rules are told at {@link FleetAssembler}. */
final class ClusterIdentity {
    private final List<FleetMember> members;
    private final Links links;
    private final Map<ClusterId, Cluster> known;
    private final FenceBook fences;
    private final Supplier<String> newIds;
    private final Map<ClusterId, Integer> formerSizes = new HashMap<>();
    private final Set<ClusterId> ledByFormerPrimary = new HashSet<>();

    ClusterIdentity(
            List<FleetMember> members,
            Links links,
            Map<ClusterId, Cluster> known,
            FenceBook fences,
            Supplier<String> newIds) {
        this.members = members;
        this.links = links;
        this.known = known;
        this.fences = fences;
        this.newIds = newIds;
        members.forEach(m -> formerSizes.merge(m.cluster(), 1, Integer::sum));
    }

    /** A component and the identity it asks for; none when nobody in it had one. */
    private record Claim(Component component, @Nullable ClusterId id, boolean bySuccession) {}

    Map<Component, ClusterId> assign(List<Component> components) {
        components.stream().filter(c -> c.isSovereign(fences)).forEach(this::noteFormerPrimary);
        List<Claim> claims = components.stream().map(this::claim).toList();
        Map<Component, ClusterId> result = new IdentityHashMap<>();
        Map<ClusterId, Component> holders = new HashMap<>();
        claims.stream()
                .filter(c -> c.component.isSovereign(fences))
                .sorted(strongestFirst())
                .forEach(c -> result.put(c.component, sovereignId(c, holders)));
        claims.stream()
                .filter(c -> !c.component.isSovereign(fences))
                .forEach(c -> result.put(c.component, c.id != null ? c.id : new ClusterId(newIds.get())));
        return result;
    }

    private ClusterId sovereignId(Claim claim, Map<ClusterId, Component> holders) {
        if (claim.id != null) {
            Component holder = holders.putIfAbsent(claim.id, claim.component);
            if (holder == null || isOlderNews(holder.leader(), claim.component.leader())) {
                return claim.id;
            }
        }
        return new ClusterId(newIds.get());
    }

    /**
     * Whether the first was read before the second. After a switchover made elsewhere the new primary may be read before
     * the old one is: that the old one still takes writes is known only when it, too, has been read since.
     */
    private static boolean isOlderNews(@Nullable FleetMember first, @Nullable FleetMember second) {
        Instant firstRead = first == null ? null : first.lastSeen();
        Instant secondRead = second == null ? null : second.lastSeen();
        return firstRead != null && secondRead != null && firstRead.isBefore(secondRead);
    }

    private void noteFormerPrimary(Component component) {
        FleetMember leader = component.leader();
        if (leader != null && isFormerPrimary(leader, leader.cluster())) {
            ledByFormerPrimary.add(leader.cluster());
        }
    }

    private Claim claim(Component component) {
        FleetMember leader = component.leader();
        if (leader != null) {
            Optional<Fence> own = fences.fenceOf(leader);
            if (own.isPresent()) {
                return new Claim(component, own.get().cluster(), false);
            }
            Optional<Fence> won = fences.succeededIn(leader.key()).filter(this::isRecent);
            if (won.isPresent()) {
                return new Claim(component, won.get().cluster(), true);
            }
        }
        return new Claim(component, formerId(component), false);
    }

    /** A succession counts until the snapshot has followed it, so that an old fence cannot pull a cluster back. */
    private boolean isRecent(Fence fence) {
        Cluster cluster = known.get(fence.cluster());
        return cluster != null && fence.instance().equals(cluster.primary());
    }

    private @Nullable ClusterId formerId(Component component) {
        FleetMember leader = component.leader();
        ClusterId majority = majority(component, leader);
        if (leader == null || leader.cluster().equals(FleetAssembler.UNASSIGNED)) {
            return majority;
        }
        return majority != null && wasAlone(leader) && adopts(component, majority) ? majority : leader.cluster();
    }

    private boolean wasAlone(FleetMember leader) {
        return formerSizes.getOrDefault(leader.cluster(), 0) == 1;
    }

    /** A server that was alone and now leads most of a cluster nobody else leads becomes that cluster's primary. */
    private boolean adopts(Component component, ClusterId other) {
        long former = component.members().stream()
                .filter(i -> members.get(i).cluster().equals(other))
                .count();
        return former >= 2 && !ledByFormerPrimary.contains(other);
    }

    /**
     * The id most members had, the leader's own not counted; ties go to the smallest id. A server that reads from two
     * topologies is no vote for either: where one of them appears later, it would draw that into the other's cluster.
     */
    private @Nullable ClusterId majority(Component component, @Nullable FleetMember leader) {
        Map<ClusterId, Integer> votes = new TreeMap<>();
        for (int i : component.members()) {
            FleetMember member = members.get(i);
            if (member != leader
                    && !member.cluster().equals(FleetAssembler.UNASSIGNED)
                    && !readsElsewhereToo(member, component)) {
                votes.merge(member.cluster(), 1, Integer::sum);
            }
        }
        return votes.entrySet().stream()
                .max(Map.Entry.<ClusterId, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /** Whether a channel of it reads from a server of its present cluster that does not hang together with this component. */
    private boolean readsElsewhereToo(FleetMember member, Component component) {
        List<ReplicationChannel> channels =
                member.facts().map(Instance::channels).orElse(List.of());
        return channels.size() > 1
                && channels.stream()
                        .filter(c -> !c.leftover())
                        .map(links::find)
                        .anyMatch(i -> i >= 0
                                && members.get(i).cluster().equals(member.cluster())
                                && !component.members().contains(i));
    }

    private Comparator<Claim> strongestFirst() {
        return Comparator.comparing((Claim c) -> !c.bySuccession)
                .thenComparing(c -> !isFormerPrimary(c.component.leader(), c.id))
                .thenComparing(c -> -formerMembers(c))
                .thenComparing(c -> leaderKey(c.component));
    }

    private boolean isFormerPrimary(@Nullable FleetMember leader, @Nullable ClusterId id) {
        Cluster cluster = id == null ? null : known.get(id);
        return leader != null && cluster != null && leader.key().equals(cluster.primary());
    }

    private long formerMembers(Claim claim) {
        return claim.component.members().stream()
                .filter(i -> members.get(i).cluster().equals(claim.id))
                .count();
    }

    private InstanceKey leaderKey(Component component) {
        FleetMember leader = component.leader();
        return leader != null
                ? leader.key()
                : members.get(component.members().get(0)).key();
    }
}
