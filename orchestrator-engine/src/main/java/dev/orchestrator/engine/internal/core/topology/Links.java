package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who replicates from whom, by index into the members. A member without a known source has none here; members whose
 * unknown source is the same hang together all the same.
 */
final class Links {
    private static final int NONE = -1;
    private static final int AMBIGUOUS = -2;

    private final List<FleetMember> members;
    private final Map<InstanceKey, InstanceKey> otherNames;
    private final Map<InstanceKey, Integer> byKey;
    private final Map<String, Integer> byUuid;
    private final int[] source;
    private final int[] replicas;
    private final List<Integer> parents = new ArrayList<>();

    Links(List<FleetMember> members, Map<InstanceKey, InstanceKey> otherNames) {
        this.members = members;
        this.otherNames = otherNames;
        this.byKey = new HashMap<>(members.size() * 2);
        this.byUuid = new HashMap<>(members.size() * 2);
        this.source = new int[members.size()];
        this.replicas = new int[members.size()];
        Arrays.fill(source, NONE);
        for (int i = 0; i < members.size(); i++) {
            byKey.put(members.get(i).key(), i);
            int index = i;
            members.get(i)
                    .facts()
                    .map(Instance::serverUuid)
                    .filter(uuid -> !uuid.isEmpty())
                    .ifPresent(uuid -> byUuid.merge(uuid, index, (a, b) -> AMBIGUOUS));
            parents.add(i);
        }
        connect();
    }

    private void connect() {
        Map<InstanceKey, Integer> unknown = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            joinLeftovers(i, unknown);
            Optional<ReplicationChannel> channel = members.get(i).facts().flatMap(Instance::mainChannel);
            int found = channel.map(this::find).orElseGet(groupPrimary(i));
            if (found >= 0 && found != i) {
                source[i] = found;
                replicas[found]++;
                union(i, found);
            } else if (found < 0 && channel.isPresent()) {
                union(i, unknown(channel.get(), unknown));
            }
        }
    }

    /** Who is at the other end of a leftover channel belongs to the same cluster, though nothing is read from there. */
    private void joinLeftovers(int member, Map<InstanceKey, Integer> unknown) {
        List<ReplicationChannel> channels =
                members.get(member).facts().map(Instance::channels).orElse(List.of());
        for (ReplicationChannel channel : channels) {
            if (channel.leftover()) {
                int found = find(channel);
                union(member, found >= 0 ? found : unknown(channel, unknown));
            }
        }
    }

    private int unknown(ReplicationChannel channel, Map<InstanceKey, Integer> unknown) {
        return unknown.computeIfAbsent(channel.source(), key -> {
            parents.add(parents.size());
            return parents.size() - 1;
        });
    }

    /** The index of the member that a channel reads from, negative for none. The order is that of {@code Fleet.sourceOf}. */
    int find(ReplicationChannel channel) {
        Integer byName = byKey.get(channel.source());
        if (byName != null) {
            return byName;
        }
        int byIdentity = channel.sourceUuid() == null ? NONE : byUuid.getOrDefault(channel.sourceUuid(), NONE);
        if (byIdentity >= 0) {
            return byIdentity;
        }
        InstanceKey canonical = otherNames.get(channel.source());
        return canonical == null ? NONE : byKey.getOrDefault(canonical, NONE);
    }

    /** Secondaries of a replication group hang below its primary. */
    private java.util.function.Supplier<Integer> groupPrimary(int member) {
        return () -> {
            @Nullable
            InstanceKey primary = members.get(member)
                    .facts()
                    .map(Instance::group)
                    .map(GroupReplicationState::primary)
                    .orElse(null);
            return primary == null ? NONE : byKey.getOrDefault(otherNames.getOrDefault(primary, primary), NONE);
        };
    }

    private void union(int a, int b) {
        parents.set(rootOf(a), rootOf(b));
    }

    private int rootOf(int node) {
        int at = node;
        while (parents.get(at) != at) {
            parents.set(at, parents.get(parents.get(at)));
            at = parents.get(at);
        }
        return at;
    }

    /** The index of a member's source, negative for none. */
    int sourceOf(int member) {
        return source[member];
    }

    int replicaCount(int member) {
        return replicas[member];
    }

    /** Whether the member replicates from a server we do not know. */
    boolean hasUnknownSource(int member) {
        return source[member] < 0
                && members.get(member).facts().flatMap(Instance::mainChannel).isPresent();
    }

    /** The members that hang together, in the order of their first one. */
    List<List<Integer>> components() {
        Map<Integer, List<Integer>> components = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            components.computeIfAbsent(rootOf(i), r -> new ArrayList<>()).add(i);
        }
        return List.copyOf(components.values());
    }

    /** The members on the ring that is reached upstream of a member; empty when the way ends at a root. */
    List<Integer> ringAbove(int member, int longestWay) {
        int at = member;
        for (int steps = 0; steps < longestWay && at >= 0; steps++) {
            at = source[at];
        }
        List<Integer> ring = new ArrayList<>();
        for (int on = at; on >= 0 && !ring.contains(on); on = source[on]) {
            ring.add(on);
        }
        return ring;
    }
}
