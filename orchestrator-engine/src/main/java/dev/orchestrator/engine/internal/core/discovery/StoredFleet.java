package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known to stand in the backend, and by it what is left to write. Not thread-safe. */
public final class StoredFleet {
    /** Those that have a row. */
    private final Set<InstanceKey> rows = new HashSet<>();

    private final Map<InstanceKey, Instance> facts = new HashMap<>();
    private final Map<ClusterId, Cluster> clusters = new HashMap<>();
    private Map<InstanceKey, InstanceKey> names;

    /**
     * Starts from what was read.
     *
     * @param read the fleet as the backend holds it
     */
    public StoredFleet(Fleet read) {
        for (FleetMember member : read.members()) {
            rows.add(member.key());
            member.facts().ifPresent(f -> facts.put(member.key(), f));
        }
        savedClusters(read.clusters());
        names = read.otherNames();
    }

    /**
     * The clusters that are stored otherwise, or not at all.
     *
     * @param fleet the fleet to be stored
     * @return those to write
     */
    public List<Cluster> unsavedClusters(Fleet fleet) {
        return fleet.clusters().stream()
                .filter(c -> !c.equals(clusters.get(c.id())))
                .toList();
    }

    /**
     * Takes note of clusters that were written.
     *
     * @param saved the clusters
     */
    public void savedClusters(Collection<Cluster> saved) {
        saved.forEach(c -> clusters.put(c.id(), c));
    }

    /**
     * How servers are to be written: those whose stored facts would teach a reader the same, only with their times.
     *
     * @param members the servers, as they are now
     * @return one for each
     */
    public List<MemberWrite> writesOf(Collection<FleetMember> members) {
        List<MemberWrite> writes = new ArrayList<>(members.size());
        for (FleetMember member : members) {
            boolean changed = FactChanges.worthWriting(facts.get(member.key()), member.instance());
            writes.add(new MemberWrite(member, changed));
        }
        return writes;
    }

    /**
     * Takes note of servers that were written.
     *
     * @param writes how
     */
    public void saved(Collection<MemberWrite> writes) {
        for (MemberWrite write : writes) {
            rows.add(write.member().key());
            Instance now = write.member().instance();
            if (write.factsChanged() && now != null) {
                facts.put(write.member().key(), now);
            }
        }
    }

    /**
     * The further names that are stored otherwise, or not at all.
     *
     * @param fleet the fleet to be stored
     * @return those to write
     */
    public Map<InstanceKey, InstanceKey> unsavedNames(Fleet fleet) {
        if (fleet.otherNames().equals(names)) {
            return Map.of();
        }
        Map<InstanceKey, InstanceKey> changed = new HashMap<>(fleet.otherNames());
        changed.entrySet().removeAll(names.entrySet());
        return changed;
    }

    /**
     * Takes note that the further names were written.
     *
     * @param fleet the fleet they are of
     */
    public void savedNames(Fleet fleet) {
        names = fleet.otherNames();
    }

    /**
     * Whether a row stands under a key.
     *
     * @param key a server, or what was one
     * @return whether it is known to have one
     */
    public boolean hasRow(InstanceKey key) {
        return rows.contains(key);
    }

    /**
     * Counts a server's row as gone, or as something that somebody else wrote.
     *
     * @param key the server
     */
    public void removed(InstanceKey key) {
        facts.remove(key);
        rows.remove(key);
    }

    /**
     * Takes note of who has a row. Rows that are missing, because the backend lost its last writes in a failure of its
     * own or somebody restored it, are to be written in full again, and with them all clusters and names.
     *
     * @param known those that have one
     */
    public void reconcile(Set<InstanceKey> known) {
        if (rows.retainAll(known)) {
            facts.keySet().retainAll(known);
            clusters.clear();
            names = Map.of();
        }
    }

    /**
     * Counts servers, and the clusters they are in, as stored otherwise than they were written.
     *
     * @param keys the servers
     * @param members those of them that are to be written anew
     */
    public void outdated(Set<InstanceKey> keys, Collection<FleetMember> members) {
        facts.keySet().removeAll(keys);
        members.forEach(m -> clusters.remove(m.cluster()));
    }
}
