package dev.orchestrator.spi;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Servers and clusters as last seen. Writes of polls come batched; where there is nothing to write, nothing is sent. */
public interface InstanceStore {
    /**
     * Writes the leader's snapshot of some servers. One statement for up to a few hundred members.
     *
     * <p>A reading never replaces one that was begun later ({@link FleetMember#lastAttempt()}): the writing statement
     * itself passes it over. That a stored reading is of a time to come is no reason to keep it. Where a snapshot with facts
     * is passed over, the row becomes {@link Roster#unsynced()}; and one without facts does not touch such a row: what it
     * says has not changed is not what is stored there.
     *
     * @param writes what to write
     */
    void save(Collection<MemberWrite> writes);

    /**
     * Writes what a process that does not lead has read, by the same rule. What is written with facts is {@link
     * Roster#unsynced()} until the leader has written it with facts.
     *
     * @param writes what to write
     */
    void saveForLeader(Collection<MemberWrite> writes);

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
     * Reads some servers.
     *
     * @param keys the keys they go by
     * @return those that are stored
     */
    List<FleetMember> read(Collection<InstanceKey> keys);

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
     * Which servers are stored, which must not be discovered at present, and of which others stored readings. The leader
     * asks this to learn what other nodes did; a store answers it by one cheap statement.
     *
     * @return the keys
     */
    Roster roster();

    /**
     * Removes servers not seen for long, clusters without members, and names that lead nowhere.
     *
     * @param unseenFor how long
     * @param spared servers that are not removed, whatever is stored of them
     * @return the servers removed
     */
    List<InstanceKey> purge(Duration unseenFor, Set<InstanceKey> spared);

    /**
     * Who is stored and who is forgotten.
     *
     * @param known the keys of all servers stored
     * @param forgotten the keys that must not be discovered at present
     * @param unsynced those of which something else is stored than the leader wrote, and it has not written them since
     */
    record Roster(Set<InstanceKey> known, Set<InstanceKey> forgotten, Set<InstanceKey> unsynced) {
        /** Copies the keys. */
        public Roster {
            known = Set.copyOf(known);
            forgotten = Set.copyOf(forgotten);
            unsynced = Set.copyOf(unsynced);
        }
    }

    /**
     * One server to write.
     *
     * @param member its snapshot
     * @param factsChanged whether the facts differ from what was written last; if not, only the times are written
     */
    record MemberWrite(FleetMember member, boolean factsChanged) {}
}
