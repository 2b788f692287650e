package dev.orchestrator.examples.tool;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * How a replica was when it was polled last.
 *
 * @param replica the replica
 * @param cluster the alias of its cluster
 * @param answers whether its last poll succeeded; if not, the rest is older
 * @param version its version
 * @param sourceVersion its source's version, empty when the source was never seen
 * @param lag its replication lag, empty when unknown
 * @param missing what its source had executed, and it had not
 * @param errant what it had executed, and its source had not
 */
record ReplicaSummary(
        InstanceKey replica,
        String cluster,
        boolean answers,
        String version,
        String sourceVersion,
        Optional<Duration> lag,
        GtidSet missing,
        GtidSet errant) {
    /**
     * Looks at one replica; nothing is asked of any server.
     *
     * @param fleet all servers
     * @param member the replica, of which facts are known
     * @return what is to be said of it
     */
    static ReplicaSummary of(Fleet fleet, FleetMember member) {
        Instance facts = member.facts().orElseThrow();
        Optional<Instance> source = fleet.sourceOf(member).flatMap(FleetMember::facts);
        return new ReplicaSummary(
                member.key(),
                fleet.cluster(member.cluster())
                        .map(Cluster::alias)
                        .orElse(member.cluster().toString()),
                member.isReachable(),
                facts.version().text(),
                source.map(s -> s.version().text()).orElse(""),
                facts.mainChannel().map(ReplicationChannel::lag),
                source.map(s -> s.executedGtids().minus(facts.executedGtids())).orElse(GtidSet.empty()),
                facts.errantGtids());
    }

    /**
     * The report for people.
     *
     * @return one line
     */
    String line() {
        return replica + " cluster=" + cluster + (answers ? "" : " does not answer;") + " version=" + version
                + (sourceVersion.isEmpty() || sourceVersion.equals(version) ? "" : " (source " + sourceVersion + ")")
                + " lag=" + lag.map(l -> l.toSeconds() + "s").orElse("unknown") + " missing=" + missing.count()
                + (missing.isEmpty() ? "" : " (" + missing + ")") + " errant=" + (errant.isEmpty() ? "none" : errant);
    }
}
