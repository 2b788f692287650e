package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.engine.internal.core.candidate.ReplicationFilters;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether one server can, and may, replicate from another. The rules are the predecessor's, and those that GTID needs. */
public final class ReplicationRules {
    private final Fleet fleet;
    private final Duration reasonableLag;
    private final boolean verifyFilters;

    /**
     * The rules on a snapshot.
     *
     * @param fleet the snapshot
     * @param config the settings
     */
    public ReplicationRules(Fleet fleet, OrchestratorConfig config) {
        this.fleet = fleet;
        this.reasonableLag = config.lagThreshold();
        this.verifyFilters = config.verifyReplicationFilters();
    }

    /**
     * Why a server cannot replicate from another, however it would be brought there.
     *
     * @param me the one that would replicate
     * @param other the one it would replicate from
     * @return empty when it can
     */
    public Optional<String> cannotReplicateFrom(Instance me, Instance other) {
        if (me.key().equals(other.key())) {
            return why("a server cannot replicate from itself");
        }
        if (!other.binlogEnabled()) {
            return why(other.key() + " has no binary log");
        }
        if (!other.channels().isEmpty() && !other.logReplicaUpdates()) {
            return why(other.key() + " is a replica that does not log what it applies (log_replica_updates)");
        }
        if (compareMajor(me.version(), other.version()) < 0) {
            return why("its version " + me.version() + " is older than " + other.version() + " of " + other.key());
        }
        if (me.logReplicaUpdates() && formatRank(me) < formatRank(other)) {
            return why("its binlog_format " + me.binlogFormat() + " cannot log what " + other.key() + " sends as "
                    + other.binlogFormat());
        }
        if (me.serverId() != 0 && me.serverId() == other.serverId()) {
            return why("it has the same server_id " + me.serverId() + " as " + other.key());
        }
        if (!me.serverUuid().isEmpty() && me.serverUuid().equals(other.serverUuid())) {
            return why("it has the same server_uuid as " + other.key());
        }
        if (verifyFilters
                && !other.channels().isEmpty()
                && !ReplicationFilters.of(me).containsAll(ReplicationFilters.of(other))) {
            return why(other.key() + " has replication filters that it does not have: " + ReplicationFilters.of(other));
        }
        if (delay(me).compareTo(delay(other)) < 0 && delay(other).compareTo(reasonableLag) > 0) {
            return why(other.key() + " is delayed on purpose by " + delay(other).toSeconds() + " s, more than it is");
        }
        return Optional.empty();
    }

    /**
     * Why a replica cannot be moved below another server by GTID.
     *
     * @param me the replica
     * @param other the server it would replicate from
     * @return empty when it can
     */
    public Optional<String> cannotMoveByGtid(Instance me, Instance other) {
        if (!me.usesOracleGtid()) {
            return why("it does not replicate by GTID auto-position, and moves by other means are not done yet");
        }
        if (!"ON".equalsIgnoreCase(other.gtidMode())) {
            return why(other.key() + " has gtid_mode " + other.gtidMode() + ", not ON");
        }
        GtidSet purged = other.purgedGtids().minus(me.receivedGtids());
        if (!purged.isEmpty()) {
            return why(other.key() + " has purged binary logs that it still needs: " + purged);
        }
        return otherLineage(me, other);
    }

    /**
     * Why a replica cannot follow a sibling of it that becomes the primary.
     *
     * @param me the replica
     * @param successor its sibling, as it is while it is a replica
     * @return empty when it can
     */
    public Optional<String> cannotFollow(Instance me, Instance successor) {
        Instance primary = successor.toBuilder().channels(List.of()).build();
        return cannotReplicateFrom(me, primary).or(() -> cannotMoveByGtid(me, successor));
    }

    /** Below a server of another cluster everything it holds alone would be errant for ever. */
    private Optional<String> otherLineage(Instance me, Instance other) {
        boolean sameCluster = fleet.member(me.key())
                .map(FleetMember::cluster)
                .equals(fleet.member(other.key()).map(FleetMember::cluster));
        GtidSet alone = me.receivedGtids().minus(other.receivedGtids());
        return sameCluster || alone.isEmpty()
                ? Optional.empty()
                : why(other.key() + " is of another cluster and lacks transactions it has executed: " + alone);
    }

    /**
     * Why a server may not be moved below another in this topology.
     *
     * @param me the server
     * @param other the server it would replicate from
     * @return empty when it may
     */
    public Optional<String> forbidden(Instance me, Instance other) {
        if (isDescendant(other.key(), me.key())) {
            return why(other.key() + " replicates from it, directly or through others: a circle would arise");
        }
        GroupReplicationState group = me.group();
        GroupReplicationState otherGroup = other.group();
        if (group != null && !group.members().isEmpty() && me.channels().isEmpty()) {
            return why("it is a member of a replication group");
        }
        if (group != null && otherGroup != null && group.groupName().equals(otherGroup.groupName())) {
            return why(other.key() + " is a member of the same replication group");
        }
        return Optional.empty();
    }

    private boolean isDescendant(InstanceKey key, InstanceKey ancestor) {
        Set<InstanceKey> seen = new HashSet<>();
        Optional<FleetMember> member = fleet.member(key).flatMap(fleet::sourceOf);
        while (member.isPresent() && seen.add(member.get().key())) {
            if (member.get().key().equals(ancestor)) {
                return true;
            }
            member = fleet.sourceOf(member.get());
        }
        return false;
    }

    private static Duration delay(Instance instance) {
        return instance.mainChannel().map(ReplicationChannel::configuredDelay).orElse(Duration.ZERO);
    }

    private static int compareMajor(ServerVersion a, ServerVersion b) {
        return a.major() != b.major() ? Integer.compare(a.major(), b.major()) : Integer.compare(a.minor(), b.minor());
    }

    private static int formatRank(Instance instance) {
        return switch (instance.binlogFormat().toUpperCase(Locale.ROOT)) {
            case "STATEMENT" -> 0;
            case "MIXED" -> 1;
            default -> 2;
        };
    }

    private static Optional<String> why(String reason) {
        return Optional.of(reason);
    }
}
