package dev.orchestrator.spi;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Servers and clusters as last seen. Writes of polls come batched. */
public interface InstanceStore {
    /**
     * Writes the present picture of some servers. One statement for up to a few hundred members.
     *
     * @param writes what to write
     */
    void save(Collection<MemberWrite> writes);

    /**
     * Writes clusters.
     *
     * @param clusters what to write
     */
    void saveClusters(Collection<Cluster> clusters);

    /**
     * Remembers further names of servers.
     *
     * @param otherNames further key to the key the server goes by
     */
    void saveNames(Map<InstanceKey, InstanceKey> otherNames);

    /**
     * Reads everything.
     *
     * @return the fleet as the leader last wrote it
     */
    Fleet readFleet();

    /**
     * Reads the clusters only.
     *
     * @return ordered by name
     */
    List<Cluster> readClusters();

    /**
     * Forgets a server.
     *
     * @param key the server
     * @param blockRediscovery how long it must not be discovered again
     * @return whether it was known
     */
    boolean forget(InstanceKey key, Duration blockRediscovery);

    /**
     * The servers that must not be discovered at present.
     *
     * @return their keys
     */
    Collection<InstanceKey> forgotten();

    /**
     * Which servers are stored, and which must not be discovered at present. The leader asks this every few seconds to
     * learn what other nodes did; a store answers it by one cheap statement.
     *
     * @return the keys
     */
    default Roster roster() {
        Set<InstanceKey> known = new HashSet<>();
        readFleet().members().forEach(m -> known.add(m.key()));
        return new Roster(known, Set.copyOf(forgotten()));
    }

    /**
     * Removes servers not seen for long, clusters without members, and names that lead nowhere.
     *
     * @param unseenFor how long
     * @return the servers removed
     */
    List<InstanceKey> purge(Duration unseenFor);

    /**
     * Who is stored and who is forgotten.
     *
     * @param known the keys of all servers stored
     * @param forgotten the keys that must not be discovered at present
     */
    record Roster(Set<InstanceKey> known, Set<InstanceKey> forgotten) {
        /** Copies the keys. */
        public Roster {
            known = Set.copyOf(known);
            forgotten = Set.copyOf(forgotten);
        }
    }

    /**
     * One server to write.
     *
     * @param member its picture
     * @param factsChanged whether the facts differ from what was written last; if not, only the times are written
     */
    record MemberWrite(FleetMember member, boolean factsChanged) {}
}
