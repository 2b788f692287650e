package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.InstanceStore.MemberWrite;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a process that does not lead shows others of servers that it has just read.
 *
 * @param servers how they are written
 * @param clusters those that they are in
 */
public record FreshReadings(List<MemberWrite> servers, List<Cluster> clusters) {
    /**
     * Chooses. That this process does not reach a server says nothing to others: failed readings are left to the leader's
     * polls.
     *
     * @param keys the servers, by any of their names
     * @param fresh the fleet as it was read
     * @return what to write of those that answered
     */
    public static FreshReadings of(Collection<InstanceKey> keys, Fleet fresh) {
        List<FleetMember> reached = keys.stream()
                .map(fresh::canonical)
                .distinct()
                .flatMap(k -> fresh.member(k).stream())
                .filter(FleetMember::isReachable)
                .toList();
        return new FreshReadings(
                reached.stream().map(m -> new MemberWrite(m, true)).toList(),
                reached.stream()
                        .map(FleetMember::cluster)
                        .distinct()
                        .flatMap(id -> fresh.cluster(id).stream())
                        .toList());
    }

    /**
     * Chooses what is new, or was read since a moment.
     *
     * @param begun the fleet as it was then
     * @param fleet the fleet now
     * @param stored what the backend holds
     * @return what to write
     */
    public static FreshReadings since(Fleet begun, Fleet fleet, StoredFleet stored) {
        List<FleetMember> found = fleet.members().stream()
                .filter(m -> !begun.member(m.key()).equals(Optional.of(m)))
                .toList();
        Set<ClusterId> ids = found.stream().map(FleetMember::cluster).collect(Collectors.toSet());
        List<Cluster> clusters = stored.unsavedClusters(fleet).stream()
                .filter(c -> ids.contains(c.id()))
                .toList();
        return new FreshReadings(stored.writesOf(found), clusters);
    }
}
