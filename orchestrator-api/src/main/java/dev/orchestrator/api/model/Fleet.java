package dev.orchestrator.api.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of all servers known, in their clusters. Keys given to it may be any name a server is known by.
 * Thread-safe.
 */
public final class Fleet {
    private static final Fleet EMPTY = new Fleet(List.of(), List.of(), Map.of());

    /** In the order of the keys. */
    private final LinkedHashMap<InstanceKey, FleetMember> members;

    private final Map<ClusterId, Cluster> clusters;
    private final Map<InstanceKey, InstanceKey> otherNames;
    /** Who belongs together, by key only: shared by snapshots that differ in nothing but the state of servers. */
    private final Index index;

    private record Index(
            Map<String, List<InstanceKey>> byUuid,
            Map<ClusterId, List<InstanceKey>> byCluster,
            Map<InstanceKey, List<InstanceKey>> replicas) {
        Index() {
            this(new HashMap<>(), new HashMap<>(), new HashMap<>());
        }
    }

    private Fleet(
            Collection<FleetMember> members, Collection<Cluster> clusters, Map<InstanceKey, InstanceKey> otherNames) {
        this.members = new LinkedHashMap<>(members.size() * 2);
        this.clusters = new TreeMap<>();
        this.otherNames = Map.copyOf(otherNames);
        this.index = new Index();
        members.stream().sorted(Comparator.comparing(FleetMember::key)).forEach(m -> this.members.put(m.key(), m));
        clusters.forEach(c -> this.clusters.put(c.id(), c));
        this.members.values().forEach(m -> {
            add(index.byCluster, m.cluster(), m.key());
            m.facts()
                    .map(Instance::serverUuid)
                    .filter(uuid -> !uuid.isEmpty())
                    .ifPresent(uuid -> add(index.byUuid, uuid, m.key()));
        });
        this.members.values().forEach(this::addReplica);
    }

    private Fleet(Fleet before, Collection<FleetMember> changed) {
        this.members = new LinkedHashMap<>(before.members);
        this.clusters = before.clusters;
        this.otherNames = before.otherNames;
        this.index = before.index;
        changed.forEach(m -> this.members.put(m.key(), m));
    }

    private static <K> void add(Map<K, List<InstanceKey>> lists, K name, InstanceKey key) {
        lists.computeIfAbsent(name, n -> new ArrayList<>(2)).add(key);
    }

    /** Below every source it has a channel from, below each once. */
    private void addReplica(FleetMember member) {
        Instance facts = member.instance();
        if (facts == null) {
            return;
        }
        List<InstanceKey> sources = new ArrayList<>(facts.channels().size());
        for (ReplicationChannel channel : facts.channels()) {
            FleetMember source = channel.leftover() ? null : sourceOf(channel).orElse(null);
            if (source != null && !sources.contains(source.key())) {
                sources.add(source.key());
                add(index.replicas, source.key(), member.key());
            }
        }
    }

    private List<FleetMember> members(@Nullable List<InstanceKey> keys) {
        if (keys == null) {
            return List.of();
        }
        List<FleetMember> found = new ArrayList<>(keys.size());
        keys.forEach(key -> found.add(members.get(key)));
        return Collections.unmodifiableList(found);
    }

    /**
     * The fleet before anything was discovered.
     *
     * @return a fleet without members
     */
    public static Fleet empty() {
        return EMPTY;
    }

    /**
     * Makes a snapshot.
     *
     * @param members the servers, each key once
     * @param clusters the clusters the members name
     * @param otherNames further keys that lead to a member, and that member's key
     * @return the snapshot
     */
    public static Fleet of(
            Collection<FleetMember> members, Collection<Cluster> clusters, Map<InstanceKey, InstanceKey> otherNames) {
        return new Fleet(members, clusters, otherNames);
    }

    /**
     * The snapshot after something about servers changed that says nothing new about who belongs together: each is a
     * member already, in the same cluster, with the same server_uuid and the same sources. Takes little time even for a
     * large fleet.
     *
     * @param changed the members as they are now
     * @return the new snapshot
     */
    public Fleet with(Collection<FleetMember> changed) {
        return changed.isEmpty() ? this : new Fleet(this, changed);
    }

    /**
     * All servers, ordered by key.
     *
     * @return an unmodifiable view
     */
    public Collection<FleetMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    /**
     * All clusters, ordered by id.
     *
     * @return an unmodifiable view
     */
    public Collection<Cluster> clusters() {
        return Collections.unmodifiableCollection(clusters.values());
    }

    /**
     * The further keys by which members are known.
     *
     * @return further key to the member's key
     */
    public Map<InstanceKey, InstanceKey> otherNames() {
        return otherNames;
    }

    /**
     * The key a server goes by.
     *
     * @param key any key
     * @return the member's key when the given one is another name of a member, else the given key
     */
    public InstanceKey canonical(InstanceKey key) {
        return members.containsKey(key) ? key : otherNames.getOrDefault(key, key);
    }

    /**
     * Finds a server.
     *
     * @param key any of its keys
     * @return empty when it is not known
     */
    public Optional<FleetMember> member(InstanceKey key) {
        FleetMember own = members.get(key);
        return Optional.ofNullable(own != null ? own : members.get(otherNames.getOrDefault(key, key)));
    }

    /**
     * Finds a server by its identity.
     *
     * @param serverUuid its server_uuid
     * @return empty when no member, or more than one, has it
     */
    public Optional<FleetMember> memberByUuid(String serverUuid) {
        List<InstanceKey> keys = index.byUuid.getOrDefault(serverUuid, List.of());
        return keys.size() == 1 ? Optional.ofNullable(members.get(keys.get(0))) : Optional.empty();
    }

    /**
     * The facts of a server.
     *
     * @param key any of its keys
     * @return empty when it is not known or was never seen
     */
    public Optional<Instance> instance(InstanceKey key) {
        return member(key).flatMap(FleetMember::facts);
    }

    /**
     * The server that a member's main channel reads from: the member of that key, else the one with the server_uuid the
     * receiver met there (an alias may have moved on to another server), else the one that the key is another name of.
     *
     * @return empty when it has no source, or the source is not known
     */
    public Optional<FleetMember> sourceOf(FleetMember member) {
        Instance facts = member.instance();
        return facts == null ? Optional.empty() : facts.mainChannel().flatMap(this::sourceOf);
    }

    /**
     * The server that a channel reads from, found like that of a main channel.
     *
     * @param channel a channel of a member
     * @return empty when it is not known
     */
    public Optional<FleetMember> sourceOf(ReplicationChannel channel) {
        FleetMember byKey = members.get(channel.source());
        if (byKey != null) {
            return Optional.of(byKey);
        }
        String uuid = channel.sourceUuid();
        Optional<FleetMember> byIdentity = uuid == null ? Optional.empty() : memberByUuid(uuid);
        return byIdentity.or(() -> member(channel.source()));
    }

    /**
     * The channel by which one server reads from another. A server that aggregates several sources has one for each.
     *
     * @param replica any key of the replica
     * @param source any key of the source
     * @return empty when it has no channel from there, or one of them is not known
     */
    public Optional<ReplicationChannel> channelFrom(InstanceKey replica, InstanceKey source) {
        return member(replica).flatMap(m -> channelFrom(m, canonical(source)));
    }

    private Optional<ReplicationChannel> channelFrom(FleetMember replica, InstanceKey source) {
        List<ReplicationChannel> channels =
                replica.facts().map(Instance::channels).orElse(List.of());
        return channels.stream()
                .filter(c -> !c.leftover())
                .filter(c -> sourceOf(c).filter(s -> s.key().equals(source)).isPresent())
                .findFirst();
    }

    /**
     * The servers with a channel that reads from a server, whatever others they have. The main channel of each, as given
     * here, is the one that reads from there.
     *
     * @param key any key of the source
     * @return its replicas, ordered by key
     */
    public List<FleetMember> replicasOf(InstanceKey key) {
        InstanceKey source = canonical(key);
        List<InstanceKey> keys = index.replicas.get(source);
        if (keys == null) {
            return List.of();
        }
        List<FleetMember> replicas = new ArrayList<>(keys.size());
        keys.forEach(replica -> replicas.add(viewedFrom(Objects.requireNonNull(members.get(replica)), source)));
        return Collections.unmodifiableList(replicas);
    }

    private FleetMember viewedFrom(FleetMember replica, InstanceKey source) {
        Instance facts = replica.instance();
        if (facts == null || facts.channels().size() < 2) {
            return replica;
        }
        Instance viewed = channelFrom(replica, source).map(facts::viewedBy).orElse(facts);
        return viewed == facts ? replica : replica.withInstance(viewed);
    }

    /**
     * Finds a cluster.
     *
     * @return empty when it is not known
     */
    public Optional<Cluster> cluster(ClusterId id) {
        return Optional.ofNullable(clusters.get(id));
    }

    /**
     * The servers of a cluster, ordered by key.
     *
     * @param id the cluster
     * @return its members, empty when it is not known
     */
    public List<FleetMember> membersOf(ClusterId id) {
        return members(index.byCluster.get(id));
    }

    /**
     * Finds a cluster by what an operator calls it: its id, name or alias, exactly.
     *
     * @param hint the text
     * @return empty when none fits
     */
    public Optional<Cluster> clusterNamed(String hint) {
        Cluster byAlias = null;
        for (Cluster cluster : clusters.values()) {
            if (cluster.name().equals(hint) || cluster.id().value().equals(hint)) {
                return Optional.of(cluster);
            }
            if (cluster.alias().equals(hint)) {
                byAlias = cluster;
            }
        }
        return Optional.ofNullable(byAlias);
    }

    /**
     * The tree of a cluster.
     *
     * @param cluster one of the fleet's clusters
     * @return its tree or trees
     */
    public Topology topology(Cluster cluster) {
        return Topology.of(this, cluster);
    }
}
