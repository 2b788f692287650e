package dev.orchestrator.engine.fake;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Servers and clusters in memory. */
final class InMemoryInstances implements InstanceStore {
    private final InstantSource clock;
    private final Map<InstanceKey, FleetMember> members = new TreeMap<>();
    private final Map<ClusterId, Cluster> clusters = new TreeMap<>();
    private final Map<InstanceKey, InstanceKey> otherNames = new HashMap<>();
    private final Map<InstanceKey, Instant> forgottenUntil = new HashMap<>();

    InMemoryInstances(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void save(Collection<MemberWrite> writes) {
        for (MemberWrite write : writes) {
            FleetMember member = write.member();
            FleetMember stored = members.get(member.key());
            // As in a database: what the writer says has not changed is not written.
            members.put(
                    member.key(),
                    stored == null || write.factsChanged()
                            ? member
                            : stored.facts().map(member::withInstance).orElse(member));
        }
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
        return members.remove(key) != null;
    }

    @Override
    public Collection<InstanceKey> forgotten() {
        Instant now = clock.instant();
        forgottenUntil.values().removeIf(until -> !now.isBefore(until));
        return List.copyOf(forgottenUntil.keySet());
    }

    @Override
    public List<InstanceKey> purge(Duration unseenFor) {
        Instant limit = clock.instant().minus(unseenFor);
        List<InstanceKey> old = members.values().stream()
                .filter(m -> m.lastSeen() != null && m.lastSeen().isBefore(limit))
                .map(FleetMember::key)
                .toList();
        old.forEach(members::remove);
        clusters.keySet()
                .removeIf(id ->
                        members.values().stream().noneMatch(m -> m.cluster().equals(id)));
        otherNames.values().removeIf(key -> !members.containsKey(key));
        return old;
    }
}
