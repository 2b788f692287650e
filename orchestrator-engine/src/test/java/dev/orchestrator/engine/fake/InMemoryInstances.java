package dev.orchestrator.engine.fake;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Servers and clusters in memory. */
final class InMemoryInstances implements InstanceStore {
    private final InstantSource clock;
    private final Map<InstanceKey, FleetMember> members = new TreeMap<>();
    private final Map<ClusterId, Cluster> clusters = new TreeMap<>();
    private final Map<InstanceKey, InstanceKey> otherNames = new HashMap<>();
    private final Map<InstanceKey, Instant> forgottenUntil = new HashMap<>();
    private final Set<InstanceKey> unsynced = new HashSet<>();

    InMemoryInstances(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void save(Collection<MemberWrite> writes) {
        writes.forEach(w -> save(w, true));
    }

    @Override
    public void saveForLeader(Collection<MemberWrite> writes) {
        writes.forEach(w -> save(w, false));
    }

    private void save(MemberWrite write, boolean byLeader) {
        FleetMember member = write.member();
        InstanceKey key = member.key();
        FleetMember stored = members.get(key);
        boolean full = write.factsChanged() && member.instance() != null;
        boolean later = stored == null || !begun(member).isBefore(begun(stored)) || isToCome(stored);
        if (later && full) {
            members.put(key, member);
        } else if (later && !unsynced.contains(key)) {
            // As in a database: what the writer says has not changed is not written.
            members.put(
                    key,
                    stored == null
                            ? member
                            : stored.facts()
                                    .map(f -> member.withInstance(asOf(stored, f, member)))
                                    .orElse(member));
        }
        if (full && later && byLeader) {
            unsynced.remove(key);
        } else if (full) {
            unsynced.add(key);
        }
    }

    /** As in a database: the facts were found to be the same later, so the server was up for as much longer. */
    private static Instance asOf(FleetMember stored, Instance facts, FleetMember now) {
        return stored.lastSeen() == null || now.lastSeen() == null
                ? facts
                : facts.toBuilder()
                        .uptime(facts.uptime().plus(Duration.between(stored.lastSeen(), now.lastSeen())))
                        .build();
    }

    private static Instant begun(FleetMember member) {
        return member.lastAttempt() == null ? Instant.EPOCH : member.lastAttempt();
    }

    private boolean isToCome(FleetMember member) {
        return begun(member).isAfter(clock.instant().plusSeconds(1));
    }

    @Override
    public List<FleetMember> read(Collection<InstanceKey> keys) {
        return keys.stream()
                .flatMap(k -> Optional.ofNullable(members.get(k)).stream())
                .toList();
    }

    @Override
    public Roster roster() {
        return new Roster(members.keySet(), Set.copyOf(forgotten()), unsynced);
    }

    @Override
    public void saveClusters(Collection<Cluster> written) {
        written.forEach(c -> clusters.put(c.id(), c));
    }

    @Override
    public void saveNames(Map<InstanceKey, InstanceKey> names) {
        otherNames.putAll(names);
    }

    @Override
    public Fleet readFleet() {
        return Fleet.of(List.copyOf(members.values()), List.copyOf(clusters.values()), otherNames);
    }

    @Override
    public List<Cluster> readClusters() {
        return clusters.values().stream()
                .sorted(Comparator.comparing(Cluster::name))
                .toList();
    }

    @Override
    public boolean forget(InstanceKey key, Duration blockRediscovery) {
        forgottenUntil.put(key, clock.instant().plus(blockRediscovery));
        otherNames.values().removeIf(key::equals);
        unsynced.remove(key);
        return members.remove(key) != null;
    }

    @Override
    public Collection<InstanceKey> forgotten() {
        Instant now = clock.instant();
        forgottenUntil.values().removeIf(until -> !now.isBefore(until));
        return List.copyOf(forgottenUntil.keySet());
    }

    @Override
    public List<InstanceKey> purge(Duration unseenFor, Set<InstanceKey> spared) {
        Instant limit = clock.instant().minus(unseenFor);
        List<InstanceKey> old = members.values().stream()
                .filter(m -> m.lastSeen() != null && m.lastSeen().isBefore(limit))
                .map(FleetMember::key)
                .filter(k -> !spared.contains(k))
                .toList();
        old.forEach(members::remove);
        old.forEach(unsynced::remove);
        clusters.keySet()
                .removeIf(id ->
                        members.values().stream().noneMatch(m -> m.cluster().equals(id)));
        otherNames.values().removeIf(key -> !members.containsKey(key));
        return old;
    }
}
