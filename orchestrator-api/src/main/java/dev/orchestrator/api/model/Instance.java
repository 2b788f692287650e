package dev.orchestrator.api.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one server, as one poll brought them. Immutable; positions are of the moment of the poll.
 */
public final class Instance {
    private final InstanceKey key;
    private final String serverUuid;
    private final long serverId;
    private final ServerVersion version;
    private final String versionComment;
    private final String reportedHostname;
    private final String reportHost;
    private final int reportPort;
    private final Duration uptime;
    private final boolean readOnly;
    private final boolean superReadOnly;
    private final boolean superReadOnlySupported;
    private final boolean binlogEnabled;
    private final boolean logReplicaUpdates;
    private final String binlogFormat;
    private final String binlogRowImage;
    private final @Nullable BinlogCoordinates binlogCoordinates;
    private final String gtidMode;
    private final GtidSet executedGtids;
    private final GtidSet purgedGtids;
    private final GtidSet errantGtids;
    private final List<ReplicationChannel> channels;
    /** The name of the main channel, null for the default rule. */
    private final @Nullable String viewedBy;

    private final @Nullable ReplicationChannel mainChannel;
    private final List<KnownReplica> replicas;
    private final SemiSyncState semiSync;
    private final @Nullable GroupReplicationState group;
    private final Duration receiverTimeout;
    private final String instanceAlias;
    private final String suggestedClusterAlias;
    private final String clusterDomain;
    private final String dataCenter;
    private final String region;
    private final String environment;
    private final @Nullable PromotionRule detectedPromotionRule;
    private final List<String> binlogFilters;
    private final List<String> limitations;

    private Instance(Builder b) {
        this.key = b.key;
        this.serverUuid = b.serverUuid;
        this.serverId = b.serverId;
        this.version = b.version;
        this.versionComment = b.versionComment;
        this.reportedHostname = b.reportedHostname;
        this.reportHost = b.reportHost;
        this.reportPort = b.reportPort;
        this.uptime = b.uptime;
        this.readOnly = b.readOnly;
        this.superReadOnly = b.superReadOnly;
        this.superReadOnlySupported = b.superReadOnlySupported;
        this.binlogEnabled = b.binlogEnabled;
        this.logReplicaUpdates = b.logReplicaUpdates;
        this.binlogFormat = b.binlogFormat;
        this.binlogRowImage = b.binlogRowImage;
        this.binlogCoordinates = b.binlogCoordinates;
        this.gtidMode = b.gtidMode;
        this.executedGtids = b.executedGtids;
        this.purgedGtids = b.purgedGtids;
        this.errantGtids = b.errantGtids;
        this.channels = List.copyOf(b.channels);
        this.viewedBy = b.viewedBy;
        this.mainChannel = mainChannel(channels, viewedBy == null ? "" : viewedBy);
        this.replicas = List.copyOf(b.replicas);
        this.semiSync = b.semiSync;
        this.group = b.group;
        this.receiverTimeout = b.receiverTimeout;
        this.instanceAlias = b.instanceAlias;
        this.suggestedClusterAlias = b.suggestedClusterAlias;
        this.clusterDomain = b.clusterDomain;
        this.dataCenter = b.dataCenter;
        this.region = b.region;
        this.environment = b.environment;
        this.detectedPromotionRule = b.detectedPromotionRule;
        this.binlogFilters = List.copyOf(b.binlogFilters);
        this.limitations = List.copyOf(b.limitations);
    }

    /**
     * Starts a new one.
     *
     * @param key the key it is known by in the fleet
     * @param version its version and flavour
     * @return a builder in which everything else has its default
     */
    public static Builder builder(InstanceKey key, ServerVersion version) {
        return new Builder(key, version);
    }

    /**
     * A builder that starts from this one.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder b = new Builder(key, version);
        b.serverUuid = serverUuid;
        b.serverId = serverId;
        b.versionComment = versionComment;
        b.reportedHostname = reportedHostname;
        b.reportHost = reportHost;
        b.reportPort = reportPort;
        b.uptime = uptime;
        b.readOnly = readOnly;
        b.superReadOnly = superReadOnly;
        b.superReadOnlySupported = superReadOnlySupported;
        b.binlogEnabled = binlogEnabled;
        b.logReplicaUpdates = logReplicaUpdates;
        b.binlogFormat = binlogFormat;
        b.binlogRowImage = binlogRowImage;
        b.binlogCoordinates = binlogCoordinates;
        b.gtidMode = gtidMode;
        b.executedGtids = executedGtids;
        b.purgedGtids = purgedGtids;
        b.errantGtids = errantGtids;
        b.channels = channels;
        b.viewedBy = viewedBy;
        b.replicas = replicas;
        b.semiSync = semiSync;
        b.group = group;
        b.receiverTimeout = receiverTimeout;
        b.instanceAlias = instanceAlias;
        b.suggestedClusterAlias = suggestedClusterAlias;
        b.clusterDomain = clusterDomain;
        b.dataCenter = dataCenter;
        b.region = region;
        b.environment = environment;
        b.detectedPromotionRule = detectedPromotionRule;
        b.binlogFilters = binlogFilters;
        b.limitations = limitations;
        return b;
    }

    /**
     * The key it is known by in the fleet.
     *
     * @return the key it is known by in the fleet
     */
    public InstanceKey key() {
        return key;
    }

    /**
     * Its identity: server_uuid, or server_uid on MariaDB; empty when the server has none.
     *
     * @return its identity: server_uuid, or server_uid on MariaDB; empty when the server has none
     */
    public String serverUuid() {
        return serverUuid;
    }

    /**
     * Server_id.
     *
     * @return server_id
     */
    public long serverId() {
        return serverId;
    }

    /**
     * Its version and flavour.
     *
     * @return its version and flavour
     */
    public ServerVersion version() {
        return version;
    }

    /**
     * Version_comment.
     *
     * @return version_comment
     */
    public String versionComment() {
        return versionComment;
    }

    /**
     * {@code @@hostname}.
     *
     * @return {@code @@hostname}
     */
    public String reportedHostname() {
        return reportedHostname;
    }

    /**
     * {@code @@report_host}, empty when not set.
     *
     * @return {@code @@report_host}, empty when not set
     */
    public String reportHost() {
        return reportHost;
    }

    /**
     * {@code @@report_port}, 0 when not set.
     *
     * @return {@code @@report_port}, 0 when not set
     */
    public int reportPort() {
        return reportPort;
    }

    /**
     * How long the server has been up.
     *
     * @return how long the server has been up
     */
    public Duration uptime() {
        return uptime;
    }

    /**
     * Read_only.
     *
     * @return read_only
     */
    public boolean readOnly() {
        return readOnly;
    }

    /**
     * Super_read_only, false where the server does not know it.
     *
     * @return super_read_only, false where the server does not know it
     */
    public boolean superReadOnly() {
        return superReadOnly;
    }

    /**
     * Whether the server knows super_read_only.
     *
     * @return whether the server knows super_read_only
     */
    public boolean superReadOnlySupported() {
        return superReadOnlySupported;
    }

    /**
     * Log_bin.
     *
     * @return log_bin
     */
    public boolean binlogEnabled() {
        return binlogEnabled;
    }

    /**
     * Log_replica_updates.
     *
     * @return log_replica_updates
     */
    public boolean logReplicaUpdates() {
        return logReplicaUpdates;
    }

    /**
     * Binlog_format.
     *
     * @return binlog_format
     */
    public String binlogFormat() {
        return binlogFormat;
    }

    /**
     * Binlog_row_image.
     *
     * @return binlog_row_image
     */
    public String binlogRowImage() {
        return binlogRowImage;
    }

    /**
     * The end of its own binary log, null when it has none.
     *
     * @return the end of its own binary log, null when it has none
     */
    public @Nullable BinlogCoordinates binlogCoordinates() {
        return binlogCoordinates;
    }

    /**
     * Gtid_mode, empty where the server has none.
     *
     * @return gtid_mode, empty where the server has none
     */
    public String gtidMode() {
        return gtidMode;
    }

    /**
     * Gtid_executed, or MariaDB's current position.
     *
     * @return gtid_executed, or MariaDB's current position
     */
    public GtidSet executedGtids() {
        return executedGtids;
    }

    /**
     * Gtid_purged.
     *
     * @return gtid_purged
     */
    public GtidSet purgedGtids() {
        return purgedGtids;
    }

    /**
     * Transactions this replica has and its source does not, computed from the sets.
     *
     * @return transactions this replica has and its source does not, computed from the sets
     */
    public GtidSet errantGtids() {
        return errantGtids;
    }

    /**
     * Its replication channels, empty for a server that replicates from nobody.
     *
     * @return its replication channels, empty for a server that replicates from nobody
     */
    public List<ReplicationChannel> channels() {
        return channels;
    }

    /**
     * The replicas it knows to be connected.
     *
     * @return the replicas it knows to be connected
     */
    public List<KnownReplica> replicas() {
        return replicas;
    }

    /**
     * Semi-synchronous replication.
     *
     * @return semi-synchronous replication
     */
    public SemiSyncState semiSync() {
        return semiSync;
    }

    /**
     * Its replication group, null when it is in none.
     *
     * @return its replication group, null when it is in none
     */
    public @Nullable GroupReplicationState group() {
        return group;
    }

    /**
     * Replica_net_timeout: how long a receiver waits in silence.
     *
     * @return replica_net_timeout: how long a receiver waits in silence
     */
    public Duration receiverTimeout() {
        return receiverTimeout;
    }

    /**
     * The alias the configured query gave, empty for none.
     *
     * @return the alias the configured query gave, empty for none
     */
    public String instanceAlias() {
        return instanceAlias;
    }

    /**
     * The cluster alias the configured query gave, empty for none.
     *
     * @return the cluster alias the configured query gave, empty for none
     */
    public String suggestedClusterAlias() {
        return suggestedClusterAlias;
    }

    /**
     * The cluster's domain the configured query gave, empty for none.
     *
     * @return the cluster's domain the configured query gave, empty for none
     */
    public String clusterDomain() {
        return clusterDomain;
    }

    /**
     * Its data center, empty when unknown.
     *
     * @return its data center, empty when unknown
     */
    public String dataCenter() {
        return dataCenter;
    }

    /**
     * Its region, empty when unknown.
     *
     * @return its region, empty when unknown
     */
    public String region() {
        return region;
    }

    /**
     * Its physical environment, empty when unknown.
     *
     * @return its physical environment, empty when unknown
     */
    public String environment() {
        return environment;
    }

    /**
     * The promotion rule the configured query gave, null for none.
     *
     * @return the promotion rule the configured query gave, null for none
     */
    public @Nullable PromotionRule detectedPromotionRule() {
        return detectedPromotionRule;
    }

    /**
     * What its binary log leaves out, each as the server's option would say it, such as {@code binlog-ignore-db=app}.
     *
     * @return the filters, empty for none
     */
    public List<String> binlogFilters() {
        return binlogFilters;
    }

    /**
     * What could not be read and what that costs, one sentence each.
     *
     * @return what could not be read and what that costs, one sentence each
     */
    public List<String> limitations() {
        return limitations;
    }

    /**
     * The channel the topology is drawn by: the default channel, else the first; for a server that was asked for as a
     * replica of another one, the channel that reads from there ({@link Fleet#replicasOf}). One that is left from before
     * its server became a primary is none.
     *
     * @return empty for a server that replicates from nobody
     */
    public Optional<ReplicationChannel> mainChannel() {
        return Optional.ofNullable(mainChannel);
    }

    /** The one of that name, else the first. */
    private static @Nullable ReplicationChannel mainChannel(List<ReplicationChannel> channels, String name) {
        ReplicationChannel first = null;
        for (ReplicationChannel channel : channels) {
            if (!channel.leftover() && channel.name().equals(name)) {
                return channel;
            }
            if (!channel.leftover() && first == null) {
                first = channel;
            }
        }
        return first;
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
        Builder b = toBuilder();
        b.viewedBy = channel.name();
        return b.build();
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
    public boolean equals(@Nullable Object o) {
        return this == o
                || (o instanceof Instance other
                        && Objects.equals(key, other.key)
                        && Objects.equals(serverUuid, other.serverUuid)
                        && serverId == other.serverId
                        && Objects.equals(version, other.version)
                        && Objects.equals(versionComment, other.versionComment)
                        && Objects.equals(reportedHostname, other.reportedHostname)
                        && Objects.equals(reportHost, other.reportHost)
                        && reportPort == other.reportPort
                        && Objects.equals(uptime, other.uptime)
                        && readOnly == other.readOnly
                        && superReadOnly == other.superReadOnly
                        && superReadOnlySupported == other.superReadOnlySupported
                        && binlogEnabled == other.binlogEnabled
                        && logReplicaUpdates == other.logReplicaUpdates
                        && Objects.equals(binlogFormat, other.binlogFormat)
                        && Objects.equals(binlogRowImage, other.binlogRowImage)
                        && Objects.equals(binlogCoordinates, other.binlogCoordinates)
                        && Objects.equals(gtidMode, other.gtidMode)
                        && Objects.equals(executedGtids, other.executedGtids)
                        && Objects.equals(purgedGtids, other.purgedGtids)
                        && Objects.equals(errantGtids, other.errantGtids)
                        && Objects.equals(channels, other.channels)
                        && Objects.equals(viewedBy, other.viewedBy)
                        && Objects.equals(replicas, other.replicas)
                        && Objects.equals(semiSync, other.semiSync)
                        && Objects.equals(group, other.group)
                        && Objects.equals(receiverTimeout, other.receiverTimeout)
                        && Objects.equals(instanceAlias, other.instanceAlias)
                        && Objects.equals(suggestedClusterAlias, other.suggestedClusterAlias)
                        && Objects.equals(clusterDomain, other.clusterDomain)
                        && Objects.equals(dataCenter, other.dataCenter)
                        && Objects.equals(region, other.region)
                        && Objects.equals(environment, other.environment)
                        && Objects.equals(detectedPromotionRule, other.detectedPromotionRule)
                        && Objects.equals(binlogFilters, other.binlogFilters)
                        && Objects.equals(limitations, other.limitations));
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, serverUuid, executedGtids);
    }

    @Override
    public String toString() {
        return key + " (" + version + ")";
    }

    /** Collects the facts of an {@link Instance}. Not thread-safe. */
    public static final class Builder {
        private final InstanceKey key;
        private String serverUuid = "";
        private long serverId = 0;
        private final ServerVersion version;
        private String versionComment = "";
        private String reportedHostname = "";
        private String reportHost = "";
        private int reportPort = 0;
        private Duration uptime = Duration.ZERO;
        private boolean readOnly = false;
        private boolean superReadOnly = false;
        private boolean superReadOnlySupported = true;
        private boolean binlogEnabled = false;
        private boolean logReplicaUpdates = false;
        private String binlogFormat = "";
        private String binlogRowImage = "";
        private @Nullable BinlogCoordinates binlogCoordinates;
        private String gtidMode = "";
        private GtidSet executedGtids = GtidSet.empty();
        private GtidSet purgedGtids = GtidSet.empty();
        private GtidSet errantGtids = GtidSet.empty();
        private List<ReplicationChannel> channels = List.of();
        private @Nullable String viewedBy;
        private List<KnownReplica> replicas = List.of();
        private SemiSyncState semiSync = SemiSyncState.UNAVAILABLE;
        private @Nullable GroupReplicationState group;
        private Duration receiverTimeout = Duration.ofSeconds(60);
        private String instanceAlias = "";
        private String suggestedClusterAlias = "";
        private String clusterDomain = "";
        private String dataCenter = "";
        private String region = "";
        private String environment = "";
        private @Nullable PromotionRule detectedPromotionRule;
        private List<String> binlogFilters = List.of();
        private List<String> limitations = List.of();

        private Builder(InstanceKey key, ServerVersion version) {
            this.key = Objects.requireNonNull(key, "key");
            this.version = Objects.requireNonNull(version, "version");
        }

        /**
         * Sets {@link Instance#serverUuid()}.
         *
         * @param value its identity: server_uuid, or server_uid on MariaDB; empty when the server has none
         * @return this
         */
        public Builder serverUuid(String value) {
            this.serverUuid = value;
            return this;
        }

        /**
         * Sets {@link Instance#serverId()}.
         *
         * @param value server_id
         * @return this
         */
        public Builder serverId(long value) {
            this.serverId = value;
            return this;
        }

        /**
         * Sets {@link Instance#versionComment()}.
         *
         * @param value version_comment
         * @return this
         */
        public Builder versionComment(String value) {
            this.versionComment = value;
            return this;
        }

        /**
         * Sets {@link Instance#reportedHostname()}.
         *
         * @param value {@code @@hostname}
         * @return this
         */
        public Builder reportedHostname(String value) {
            this.reportedHostname = value;
            return this;
        }

        /**
         * Sets {@link Instance#reportHost()}.
         *
         * @param value {@code @@report_host}, empty when not set
         * @return this
         */
        public Builder reportHost(String value) {
            this.reportHost = value;
            return this;
        }

        /**
         * Sets {@link Instance#reportPort()}.
         *
         * @param value {@code @@report_port}, 0 when not set
         * @return this
         */
        public Builder reportPort(int value) {
            this.reportPort = value;
            return this;
        }

        /**
         * Sets {@link Instance#uptime()}.
         *
         * @param value how long the server has been up
         * @return this
         */
        public Builder uptime(Duration value) {
            this.uptime = value;
            return this;
        }

        /**
         * Sets {@link Instance#readOnly()}.
         *
         * @param value read_only
         * @return this
         */
        public Builder readOnly(boolean value) {
            this.readOnly = value;
            return this;
        }

        /**
         * Sets {@link Instance#superReadOnly()}.
         *
         * @param value super_read_only, false where the server does not know it
         * @return this
         */
        public Builder superReadOnly(boolean value) {
            this.superReadOnly = value;
            return this;
        }

        /**
         * Sets {@link Instance#superReadOnlySupported()}.
         *
         * @param value whether the server knows super_read_only
         * @return this
         */
        public Builder superReadOnlySupported(boolean value) {
            this.superReadOnlySupported = value;
            return this;
        }

        /**
         * Sets {@link Instance#binlogEnabled()}.
         *
         * @param value log_bin
         * @return this
         */
        public Builder binlogEnabled(boolean value) {
            this.binlogEnabled = value;
            return this;
        }

        /**
         * Sets {@link Instance#logReplicaUpdates()}.
         *
         * @param value log_replica_updates
         * @return this
         */
        public Builder logReplicaUpdates(boolean value) {
            this.logReplicaUpdates = value;
            return this;
        }

        /**
         * Sets {@link Instance#binlogFormat()}.
         *
         * @param value binlog_format
         * @return this
         */
        public Builder binlogFormat(String value) {
            this.binlogFormat = value;
            return this;
        }

        /**
         * Sets {@link Instance#binlogRowImage()}.
         *
         * @param value binlog_row_image
         * @return this
         */
        public Builder binlogRowImage(String value) {
            this.binlogRowImage = value;
            return this;
        }

        /**
         * Sets {@link Instance#binlogCoordinates()}.
         *
         * @param value the end of its own binary log, null when it has none
         * @return this
         */
        public Builder binlogCoordinates(@Nullable BinlogCoordinates value) {
            this.binlogCoordinates = value;
            return this;
        }

        /**
         * Sets {@link Instance#gtidMode()}.
         *
         * @param value gtid_mode, empty where the server has none
         * @return this
         */
        public Builder gtidMode(String value) {
            this.gtidMode = value;
            return this;
        }

        /**
         * Sets {@link Instance#executedGtids()}.
         *
         * @param value gtid_executed, or MariaDB's current position
         * @return this
         */
        public Builder executedGtids(GtidSet value) {
            this.executedGtids = value;
            return this;
        }

        /**
         * Sets {@link Instance#purgedGtids()}.
         *
         * @param value gtid_purged
         * @return this
         */
        public Builder purgedGtids(GtidSet value) {
            this.purgedGtids = value;
            return this;
        }

        /**
         * Sets {@link Instance#errantGtids()}.
         *
         * @param value transactions this replica has and its source does not, computed from the sets
         * @return this
         */
        public Builder errantGtids(GtidSet value) {
            this.errantGtids = value;
            return this;
        }

        /**
         * Sets {@link Instance#channels()}.
         *
         * @param value its replication channels, empty for a server that replicates from nobody
         * @return this
         */
        public Builder channels(List<ReplicationChannel> value) {
            this.channels = value;
            return this;
        }

        /**
         * Sets {@link Instance#replicas()}.
         *
         * @param value the replicas it knows to be connected
         * @return this
         */
        public Builder replicas(List<KnownReplica> value) {
            this.replicas = value;
            return this;
        }

        /**
         * Sets {@link Instance#semiSync()}.
         *
         * @param value semi-synchronous replication
         * @return this
         */
        public Builder semiSync(SemiSyncState value) {
            this.semiSync = value;
            return this;
        }

        /**
         * Sets {@link Instance#group()}.
         *
         * @param value its replication group, null when it is in none
         * @return this
         */
        public Builder group(@Nullable GroupReplicationState value) {
            this.group = value;
            return this;
        }

        /**
         * Sets {@link Instance#receiverTimeout()}.
         *
         * @param value replica_net_timeout: how long a receiver waits in silence
         * @return this
         */
        public Builder receiverTimeout(Duration value) {
            this.receiverTimeout = value;
            return this;
        }

        /**
         * Sets {@link Instance#instanceAlias()}.
         *
         * @param value the alias the configured query gave, empty for none
         * @return this
         */
        public Builder instanceAlias(String value) {
            this.instanceAlias = value;
            return this;
        }

        /**
         * Sets {@link Instance#suggestedClusterAlias()}.
         *
         * @param value the cluster alias the configured query gave, empty for none
         * @return this
         */
        public Builder suggestedClusterAlias(String value) {
            this.suggestedClusterAlias = value;
            return this;
        }

        /**
         * Sets {@link Instance#clusterDomain()}.
         *
         * @param value the cluster's domain the configured query gave, empty for none
         * @return this
         */
        public Builder clusterDomain(String value) {
            this.clusterDomain = value;
            return this;
        }

        /**
         * Sets {@link Instance#dataCenter()}.
         *
         * @param value its data center, empty when unknown
         * @return this
         */
        public Builder dataCenter(String value) {
            this.dataCenter = value;
            return this;
        }

        /**
         * Sets {@link Instance#region()}.
         *
         * @param value its region, empty when unknown
         * @return this
         */
        public Builder region(String value) {
            this.region = value;
            return this;
        }

        /**
         * Sets {@link Instance#environment()}.
         *
         * @param value its physical environment, empty when unknown
         * @return this
         */
        public Builder environment(String value) {
            this.environment = value;
            return this;
        }

        /**
         * Sets {@link Instance#detectedPromotionRule()}.
         *
         * @param value the promotion rule the configured query gave, null for none
         * @return this
         */
        public Builder detectedPromotionRule(@Nullable PromotionRule value) {
            this.detectedPromotionRule = value;
            return this;
        }

        /**
         * Sets {@link Instance#binlogFilters()}.
         *
         * @param value what its binary log leaves out, each as the server's option would say it
         * @return this
         */
        public Builder binlogFilters(List<String> value) {
            this.binlogFilters = value;
            return this;
        }

        /**
         * Sets {@link Instance#limitations()}.
         *
         * @param value what could not be read and what that costs, one sentence each
         * @return this
         */
        public Builder limitations(List<String> value) {
            this.limitations = value;
            return this;
        }

        /**
         * Finishes.
         *
         * @return an immutable Instance
         */
        public Instance build() {
            return new Instance(this);
        }
    }
}
