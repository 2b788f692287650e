package dev.orchestrator.api.model;

import dev.orchestrator.api.model.channel.BinlogCoordinates;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one server, as one poll brought them. Immutable; positions are of the moment of the poll.
 *
 * @param key the key it is known by in the fleet
 * @param serverUuid its identity: server_uuid, or server_uid on MariaDB; empty when the server has none
 * @param serverId {@code @@server_id}: 32 bits without a sign
 * @param version its version and flavour
 * @param versionComment {@code @@version_comment}: the flavour in its maker's words
 * @param reportedHostname {@code @@hostname}
 * @param reportHost {@code @@report_host}, empty when not set
 * @param reportPort {@code @@report_port}, 0 when not set
 * @param uptime how long the server has been up
 * @param readOnly {@code @@read_only}: who has no special right cannot write
 * @param superReadOnly {@code @@super_read_only}: nobody can write; false where the server does not know it
 * @param superReadOnlySupported whether the server knows super_read_only
 * @param binlogEnabled {@code @@log_bin}: whether it can be the source of anybody
 * @param logReplicaUpdates {@code @@log_replica_updates}: whether it logs what it applies, and so hands it on
 * @param binlogFormat {@code @@binlog_format}: ROW, STATEMENT or MIXED
 * @param binlogRowImage {@code @@binlog_row_image}, such as FULL or MINIMAL
 * @param binlogCoordinates the end of its own binary log, null when it has none
 * @param gtidMode gtid_mode, empty where the server has none
 * @param executedGtids gtid_executed, or MariaDB's current position
 * @param purgedGtids {@code @@gtid_purged}: executed, but in none of its binary logs any more; empty on MariaDB
 * @param errantGtids transactions this replica has and its source does not, computed from the sets
 * @param channels its replication channels, empty for a server that replicates from nobody
 * @param viewedBy the name of the channel that {@link #mainChannel()} is, null for the default rule
 * @param replicas the replicas it knows to be connected
 * @param semiSync semi-synchronous replication
 * @param group its replication group, null when it is in none
 * @param receiverTimeout replica_net_timeout: how long a receiver waits in silence
 * @param instanceAlias the alias the configured query gave, empty for none
 * @param suggestedClusterAlias the cluster alias the configured query gave, empty for none
 * @param clusterDomain the cluster's domain the configured query gave, empty for none
 * @param dataCenter its data center, empty when unknown
 * @param region its region, empty when unknown
 * @param environment its physical environment, empty when unknown
 * @param detectedPromotionRule the promotion rule the configured query gave, null for none
 * @param binlogFilters what its binary log leaves out, each as the server's option would say it, such as {@code
 *     binlog-ignore-db=app}; empty for none
 * @param limitations what could not be read and what that costs, one sentence each
 */
@RecordBuilder
public record Instance(
        InstanceKey key,
        String serverUuid,
        long serverId,
        ServerVersion version,
        String versionComment,
        String reportedHostname,
        String reportHost,
        int reportPort,
        Duration uptime,
        boolean readOnly,
        boolean superReadOnly,
        boolean superReadOnlySupported,
        boolean binlogEnabled,
        boolean logReplicaUpdates,
        String binlogFormat,
        String binlogRowImage,
        @Nullable BinlogCoordinates binlogCoordinates,
        String gtidMode,
        GtidSet executedGtids,
        GtidSet purgedGtids,
        GtidSet errantGtids,
        List<ReplicationChannel> channels,
        @Nullable String viewedBy,
        List<KnownReplica> replicas,
        SemiSyncState semiSync,
        @Nullable GroupReplicationState group,
        Duration receiverTimeout,
        String instanceAlias,
        String suggestedClusterAlias,
        String clusterDomain,
        String dataCenter,
        String region,
        String environment,
        @Nullable PromotionRule detectedPromotionRule,
        List<String> binlogFilters,
        List<String> limitations) {
    /** Collections are copied. */
    public Instance {
        channels = List.copyOf(channels);
        replicas = List.copyOf(replicas);
        binlogFilters = List.copyOf(binlogFilters);
        limitations = List.copyOf(limitations);
    }

    /**
     * Starts a new one.
     *
     * @param key the key it is known by in the fleet
     * @param version its version and flavour
     * @return a builder in which everything else has its default
     */
    public static InstanceBuilder builder(InstanceKey key, ServerVersion version) {
        return InstanceBuilder.builder()
                .key(key)
                .serverUuid("")
                .version(version)
                .versionComment("")
                .reportedHostname("")
                .reportHost("")
                .uptime(Duration.ZERO)
                .superReadOnlySupported(true)
                .binlogFormat("")
                .binlogRowImage("")
                .gtidMode("")
                .executedGtids(GtidSet.empty())
                .purgedGtids(GtidSet.empty())
                .errantGtids(GtidSet.empty())
                .channels(List.of())
                .replicas(List.of())
                .semiSync(SemiSyncState.UNAVAILABLE)
                .receiverTimeout(Duration.ofSeconds(60))
                .instanceAlias("")
                .suggestedClusterAlias("")
                .clusterDomain("")
                .dataCenter("")
                .region("")
                .environment("")
                .binlogFilters(List.of())
                .limitations(List.of());
    }

    /** A builder that starts from this one. */
    public InstanceBuilder toBuilder() {
        return InstanceBuilder.builder(this);
    }

    /**
     * The channel the topology is drawn by: the default channel, else the first; for a server that was asked for as a
     * replica of another one, the channel that reads from there ({@link Fleet#replicasOf}). One that is left from before
     * its server became a primary is none.
     *
     * @return empty for a server that replicates from nobody
     */
    public Optional<ReplicationChannel> mainChannel() {
        String name = viewedBy == null ? "" : viewedBy;
        ReplicationChannel first = null;
        for (ReplicationChannel channel : channels) {
            if (!channel.leftover() && channel.name().equals(name)) {
                return Optional.of(channel);
            }
            if (!channel.leftover() && first == null) {
                first = channel;
            }
        }
        return Optional.ofNullable(first);
    }

    /**
     * The same facts with another main channel.
     *
     * @param channel one of its channels
     * @return the server as seen through that channel
     */
    public Instance viewedBy(ReplicationChannel channel) {
        if (mainChannel().filter(channel::equals).isPresent()) {
            return this;
        }
        return toBuilder().viewedBy(channel.name()).build();
    }

    /**
     * The source the topology is drawn by.
     *
     * @return the main channel's source, empty for a server that replicates from nobody
     */
    public Optional<InstanceKey> source() {
        return mainChannel().map(ReplicationChannel::source);
    }

    /**
     * Whether any client with ordinary rights may write.
     *
     * @return true when read_only is off
     */
    public boolean isWritable() {
        return !readOnly;
    }

    /**
     * Everything this server has in safe keeping: what it executed and what its relay logs hold.
     *
     * @return executed and retrieved transactions together
     */
    public GtidSet receivedGtids() {
        GtidSet all = executedGtids;
        for (ReplicationChannel channel : channels) {
            all = all.union(channel.retrievedGtids());
        }
        return all;
    }

    /**
     * Whether the server is a replica by Oracle GTID auto-position on its main channel.
     *
     * @return true when it is
     */
    public boolean usesOracleGtid() {
        return mainChannel().map(ReplicationChannel::autoPosition).orElse(false);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, serverUuid, executedGtids);
    }

    @Override
    public String toString() {
        return key + " (" + version + ")";
    }
}
