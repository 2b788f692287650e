package dev.orchestrator.api.config;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an orchestrator. Immutable; every setting has a default that is safe.
 */
public final class OrchestratorConfig {
    private final String nodeName;
    private final int defaultPort;
    private final Duration pollInterval;
    private final Duration connectTimeout;
    private final Duration pollTimeout;
    private final Duration suspicionInterval;
    private final Duration maxBackoff;
    private final int maxConcurrentPolls;
    private final boolean sentinels;
    private final int maxSentinels;
    private final Duration sentinelWait;
    private final Duration leaseTtl;
    private final Duration leaseRenewInterval;
    private final boolean candidate;
    private final boolean observeOnly;
    private final List<String> recoveryForbiddenBy;
    private final List<String> primaryRecoveryFilters;
    private final List<String> intermediateRecoveryFilters;
    private final Duration recoveryBlockPeriod;
    private final Duration drainTimeout;
    private final Duration receiverStopTimeout;
    private final Duration lagThreshold;
    private final Duration maintenanceDuration;
    private final Duration lockTtl;
    private final Duration promotionRuleDuration;
    private final Duration auditRetention;
    private final Duration poolExpiry;
    private final Duration unseenForget;
    private final boolean discoverByShowReplicas;
    private final ServerNaming serverNaming;
    private final List<InstanceKey> seeds;
    private final DetectionQueries detectionQueries;
    private final Map<String, String> clusterNameToAlias;
    private final Map<String, List<String>> acceptedReplicationFilters;
    private final SemiSyncLossPolicy semiSyncLossPolicy;
    private final boolean verifyReplicationFilters;

    private OrchestratorConfig(Builder b) {
        this.nodeName = b.nodeName;
        this.defaultPort = b.defaultPort;
        this.pollInterval = b.pollInterval;
        this.connectTimeout = b.connectTimeout;
        this.pollTimeout = b.pollTimeout;
        this.suspicionInterval = b.suspicionInterval;
        this.maxBackoff = b.maxBackoff;
        this.maxConcurrentPolls = b.maxConcurrentPolls;
        this.sentinels = b.sentinels;
        this.maxSentinels = b.maxSentinels;
        this.sentinelWait = b.sentinelWait;
        this.leaseTtl = b.leaseTtl;
        this.leaseRenewInterval = b.leaseRenewInterval;
        this.candidate = b.candidate;
        this.observeOnly = b.observeOnly;
        this.recoveryForbiddenBy = List.copyOf(b.recoveryForbiddenBy);
        this.primaryRecoveryFilters = List.copyOf(b.primaryRecoveryFilters);
        this.intermediateRecoveryFilters = List.copyOf(b.intermediateRecoveryFilters);
        this.recoveryBlockPeriod = b.recoveryBlockPeriod;
        this.drainTimeout = b.drainTimeout;
        this.receiverStopTimeout = b.receiverStopTimeout;
        this.lagThreshold = b.lagThreshold;
        this.maintenanceDuration = b.maintenanceDuration;
        this.lockTtl = b.lockTtl;
        this.promotionRuleDuration = b.promotionRuleDuration;
        this.auditRetention = b.auditRetention;
        this.poolExpiry = b.poolExpiry;
        this.unseenForget = b.unseenForget;
        this.discoverByShowReplicas = b.discoverByShowReplicas;
        this.serverNaming = b.serverNaming;
        this.seeds = List.copyOf(b.seeds);
        this.detectionQueries = b.detectionQueries;
        this.clusterNameToAlias = Map.copyOf(b.clusterNameToAlias);
        this.acceptedReplicationFilters = Map.copyOf(b.acceptedReplicationFilters);
        this.semiSyncLossPolicy = b.semiSyncLossPolicy;
        this.verifyReplicationFilters = b.verifyReplicationFilters;
    }

    /**
     * Starts a new one.
     *
     * @return a builder in which everything else has its default
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts from this one.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.nodeName = nodeName;
        b.defaultPort = defaultPort;
        b.pollInterval = pollInterval;
        b.connectTimeout = connectTimeout;
        b.pollTimeout = pollTimeout;
        b.suspicionInterval = suspicionInterval;
        b.maxBackoff = maxBackoff;
        b.maxConcurrentPolls = maxConcurrentPolls;
        b.sentinels = sentinels;
        b.maxSentinels = maxSentinels;
        b.sentinelWait = sentinelWait;
        b.leaseTtl = leaseTtl;
        b.leaseRenewInterval = leaseRenewInterval;
        b.candidate = candidate;
        b.observeOnly = observeOnly;
        b.recoveryForbiddenBy = recoveryForbiddenBy;
        b.primaryRecoveryFilters = primaryRecoveryFilters;
        b.intermediateRecoveryFilters = intermediateRecoveryFilters;
        b.recoveryBlockPeriod = recoveryBlockPeriod;
        b.drainTimeout = drainTimeout;
        b.receiverStopTimeout = receiverStopTimeout;
        b.lagThreshold = lagThreshold;
        b.maintenanceDuration = maintenanceDuration;
        b.lockTtl = lockTtl;
        b.promotionRuleDuration = promotionRuleDuration;
        b.auditRetention = auditRetention;
        b.poolExpiry = poolExpiry;
        b.unseenForget = unseenForget;
        b.discoverByShowReplicas = discoverByShowReplicas;
        b.serverNaming = serverNaming;
        b.seeds = seeds;
        b.detectionQueries = detectionQueries;
        b.clusterNameToAlias = clusterNameToAlias;
        b.acceptedReplicationFilters = acceptedReplicationFilters;
        b.semiSyncLossPolicy = semiSyncLossPolicy;
        b.verifyReplicationFilters = verifyReplicationFilters;
        return b;
    }

    /**
     * What this node is called; empty for the host's name.
     *
     * @return what this node is called; empty for the host's name
     */
    public String nodeName() {
        return nodeName;
    }

    /**
     * The port of a server when a key names none.
     *
     * @return the port of a server when a key names none
     */
    public int defaultPort() {
        return defaultPort;
    }

    /**
     * How often a server is polled.
     *
     * @return how often a server is polled
     */
    public Duration pollInterval() {
        return pollInterval;
    }

    /**
     * How long connecting to a server may take.
     *
     * @return how long connecting to a server may take
     */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /**
     * How long a whole poll may take.
     *
     * @return how long a whole poll may take
     */
    public Duration pollTimeout() {
        return pollTimeout;
    }

    /**
     * How often a suspected server and its replicas are polled.
     *
     * @return how often a suspected server and its replicas are polled
     */
    public Duration suspicionInterval() {
        return suspicionInterval;
    }

    /**
     * The longest interval at which a dead server without replicas is polled.
     *
     * @return the longest interval at which a dead server without replicas is polled
     */
    public Duration maxBackoff() {
        return maxBackoff;
    }

    /**
     * How many servers are polled side by side.
     *
     * @return how many servers are polled side by side
     */
    public int maxConcurrentPolls() {
        return maxConcurrentPolls;
    }

    /**
     * Whether sentinels sit on servers that have replicas.
     *
     * @return whether sentinels sit on servers that have replicas
     */
    public boolean sentinels() {
        return sentinels;
    }

    /**
     * How many sentinels there may be.
     *
     * @return how many sentinels there may be
     */
    public int maxSentinels() {
        return maxSentinels;
    }

    /**
     * How long one wait of a sentinel lasts, at most one second.
     *
     * @return how long one wait of a sentinel lasts, at most one second
     */
    public Duration sentinelWait() {
        return sentinelWait;
    }

    /**
     * How long leadership holds without renewal.
     *
     * @return how long leadership holds without renewal
     */
    public Duration leaseTtl() {
        return leaseTtl;
    }

    /**
     * How often leadership is renewed.
     *
     * @return how often leadership is renewed
     */
    public Duration leaseRenewInterval() {
        return leaseRenewInterval;
    }

    /**
     * Whether this node may become the leader.
     *
     * @return whether this node may become the leader
     */
    public boolean candidate() {
        return candidate;
    }

    /**
     * Whether nothing is ever changed on a server automatically.
     *
     * @return whether nothing is ever changed on a server automatically
     */
    public boolean observeOnly() {
        return observeOnly;
    }

    /**
     * Settings that are not honoured yet and therefore forbid automatic recovery, by name.
     *
     * @return settings that are not honoured yet and therefore forbid automatic recovery, by name
     */
    public List<String> recoveryForbiddenBy() {
        return recoveryForbiddenBy;
    }

    /**
     * Clusters whose dead primary is replaced automatically: a name, an alias, alias=X, alias~=regexp, a regexp on the name, or *.
     *
     * @return clusters whose dead primary is replaced automatically: a name, an alias, alias=X, alias~=regexp, a regexp on the name, or *
     */
    public List<String> primaryRecoveryFilters() {
        return primaryRecoveryFilters;
    }

    /**
     * The same for dead intermediate sources.
     *
     * @return the same for dead intermediate sources
     */
    public List<String> intermediateRecoveryFilters() {
        return intermediateRecoveryFilters;
    }

    /**
     * How long a recovery blocks the next automatic one of the cluster, unless acknowledged.
     *
     * @return how long a recovery blocks the next automatic one of the cluster, unless acknowledged
     */
    public Duration recoveryBlockPeriod() {
        return recoveryBlockPeriod;
    }

    /**
     * How long the chosen replica may take to execute what it received before it is promoted.
     *
     * @return how long the chosen replica may take to execute what it received before it is promoted
     */
    public Duration drainTimeout() {
        return drainTimeout;
    }

    /**
     * How long replicas are waited for to stop their receivers before the choice is made without them.
     *
     * @return how long replicas are waited for to stop their receivers before the choice is made without them
     */
    public Duration receiverStopTimeout() {
        return receiverStopTimeout;
    }

    /**
     * Above this a replica counts as lagging.
     *
     * @return above this a replica counts as lagging
     */
    public Duration lagThreshold() {
        return lagThreshold;
    }

    /**
     * How long a person's lock or downtime lasts when no duration is given.
     *
     * @return how long a person's lock or downtime lasts when no duration is given
     */
    public Duration maintenanceDuration() {
        return maintenanceDuration;
    }

    /**
     * How long the lock of a running operation holds without heartbeat.
     *
     * @return how long the lock of a running operation holds without heartbeat
     */
    public Duration lockTtl() {
        return lockTtl;
    }

    /**
     * How long a promotion rule lasts.
     *
     * @return how long a promotion rule lasts
     */
    public Duration promotionRuleDuration() {
        return promotionRuleDuration;
    }

    /**
     * How long audit, recoveries and their steps are kept.
     *
     * @return how long audit, recoveries and their steps are kept
     */
    public Duration auditRetention() {
        return auditRetention;
    }

    /**
     * How long a pool stays what was submitted.
     *
     * @return the time; 60 minutes unless set
     */
    public Duration poolExpiry() {
        return poolExpiry;
    }

    /**
     * After how long a server that is not seen is forgotten.
     *
     * @return after how long a server that is not seen is forgotten
     */
    public Duration unseenForget() {
        return unseenForget;
    }

    /**
     * Whether replicas are found by what they reported to their source first, and by its process list only where that is empty.
     *
     * @return whether replicas are found by what they reported to their source first, and by its process list only where that is empty
     */
    public boolean discoverByShowReplicas() {
        return discoverByShowReplicas;
    }

    /**
     * How a server names itself.
     *
     * @return how a server names itself
     */
    public ServerNaming serverNaming() {
        return serverNaming;
    }

    /**
     * Instances discovered at the start.
     *
     * @return instances discovered at the start
     */
    public List<InstanceKey> seeds() {
        return seeds;
    }

    /**
     * The operator's own queries.
     *
     * @return the operator's own queries
     */
    public DetectionQueries detectionQueries() {
        return detectionQueries;
    }

    /**
     * Regular expression on a cluster's name to alias, for clusters nothing else gives one.
     *
     * @return regular expression on a cluster's name to alias, for clusters nothing else gives one
     */
    public Map<String, String> clusterNameToAlias() {
        return clusterNameToAlias;
    }

    /**
     * Replication filters that do not keep a replica from being promoted, by the filter that names a cluster.
     *
     * @return exactly named filters, such as {@code replicate-ignore-table=app.log}, by cluster filter
     */
    public Map<String, List<String>> acceptedReplicationFilters() {
        return acceptedReplicationFilters;
    }

    /**
     * What is done when only silent servers may hold what a dead primary acknowledged.
     *
     * @return the policy
     */
    public SemiSyncLossPolicy semiSyncLossPolicy() {
        return semiSyncLossPolicy;
    }

    /**
     * Whether a person's move of a server below one with replication filters is refused unless it has the same. What is
     * done automatically never depends on it.
     *
     * @return whether it is
     */
    public boolean verifyReplicationFilters() {
        return verifyReplicationFilters;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return this == o
                || (o instanceof OrchestratorConfig other
                        && Objects.equals(nodeName, other.nodeName)
                        && defaultPort == other.defaultPort
                        && Objects.equals(pollInterval, other.pollInterval)
                        && Objects.equals(connectTimeout, other.connectTimeout)
                        && Objects.equals(pollTimeout, other.pollTimeout)
                        && Objects.equals(suspicionInterval, other.suspicionInterval)
                        && Objects.equals(maxBackoff, other.maxBackoff)
                        && maxConcurrentPolls == other.maxConcurrentPolls
                        && sentinels == other.sentinels
                        && maxSentinels == other.maxSentinels
                        && Objects.equals(sentinelWait, other.sentinelWait)
                        && Objects.equals(leaseTtl, other.leaseTtl)
                        && Objects.equals(leaseRenewInterval, other.leaseRenewInterval)
                        && candidate == other.candidate
                        && observeOnly == other.observeOnly
                        && Objects.equals(recoveryForbiddenBy, other.recoveryForbiddenBy)
                        && Objects.equals(primaryRecoveryFilters, other.primaryRecoveryFilters)
                        && Objects.equals(intermediateRecoveryFilters, other.intermediateRecoveryFilters)
                        && Objects.equals(recoveryBlockPeriod, other.recoveryBlockPeriod)
                        && Objects.equals(drainTimeout, other.drainTimeout)
                        && Objects.equals(receiverStopTimeout, other.receiverStopTimeout)
                        && Objects.equals(lagThreshold, other.lagThreshold)
                        && Objects.equals(maintenanceDuration, other.maintenanceDuration)
                        && Objects.equals(lockTtl, other.lockTtl)
                        && Objects.equals(promotionRuleDuration, other.promotionRuleDuration)
                        && Objects.equals(auditRetention, other.auditRetention)
                        && Objects.equals(poolExpiry, other.poolExpiry)
                        && Objects.equals(unseenForget, other.unseenForget)
                        && discoverByShowReplicas == other.discoverByShowReplicas
                        && Objects.equals(serverNaming, other.serverNaming)
                        && Objects.equals(seeds, other.seeds)
                        && Objects.equals(detectionQueries, other.detectionQueries)
                        && Objects.equals(clusterNameToAlias, other.clusterNameToAlias)
                        && acceptedReplicationFilters.equals(other.acceptedReplicationFilters)
                        && semiSyncLossPolicy == other.semiSyncLossPolicy
                        && verifyReplicationFilters == other.verifyReplicationFilters);
    }

    @Override
    public int hashCode() {
        return Objects.hash(nodeName, pollInterval, leaseTtl);
    }

    @Override
    public String toString() {
        return "OrchestratorConfig of " + (nodeName.isEmpty() ? "this host" : nodeName);
    }

    /** Collects the facts of an {@link OrchestratorConfig}. Not thread-safe. */
    public static final class Builder {
        private String nodeName = "";
        private int defaultPort = 3306;
        private Duration pollInterval = Duration.ofSeconds(5);
        private Duration connectTimeout = Duration.ofSeconds(1);
        private Duration pollTimeout = Duration.ofSeconds(2);
        private Duration suspicionInterval = Duration.ofMillis(250);
        private Duration maxBackoff = Duration.ofSeconds(60);
        private int maxConcurrentPolls = 64;
        private boolean sentinels = true;
        private int maxSentinels = 2000;
        private Duration sentinelWait = Duration.ofSeconds(1);
        private Duration leaseTtl = Duration.ofSeconds(3);
        private Duration leaseRenewInterval = Duration.ofMillis(750);
        private boolean candidate = true;
        private boolean observeOnly = false;
        private List<String> recoveryForbiddenBy = List.of();
        private List<String> primaryRecoveryFilters = List.of();
        private List<String> intermediateRecoveryFilters = List.of();
        private Duration recoveryBlockPeriod = Duration.ofSeconds(3600);
        private Duration drainTimeout = Duration.ofMinutes(10);
        private Duration receiverStopTimeout = Duration.ofMillis(1500);
        private Duration lagThreshold = Duration.ofSeconds(10);
        private Duration maintenanceDuration = Duration.ofMinutes(10);
        private Duration lockTtl = Duration.ofSeconds(10);
        private Duration promotionRuleDuration = Duration.ofMinutes(60);
        private Duration auditRetention = Duration.ofDays(7);
        private Duration poolExpiry = Duration.ofMinutes(60);
        private Duration unseenForget = Duration.ofHours(240);
        private boolean discoverByShowReplicas = true;
        private ServerNaming serverNaming = ServerNaming.REPORT_HOST;
        private List<InstanceKey> seeds = List.of();
        private DetectionQueries detectionQueries = DetectionQueries.NONE;
        private Map<String, String> clusterNameToAlias = Map.of();
        private Map<String, List<String>> acceptedReplicationFilters = Map.of();
        private SemiSyncLossPolicy semiSyncLossPolicy = SemiSyncLossPolicy.REFUSE_IF_INFINITE;
        private boolean verifyReplicationFilters = false;

        private Builder() {}

        /**
         * Sets {@link OrchestratorConfig#nodeName()}.
         *
         * @param value what this node is called; empty for the host's name
         * @return this
         */
        public Builder nodeName(String value) {
            this.nodeName = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#defaultPort()}.
         *
         * @param value the port of a server when a key names none
         * @return this
         */
        public Builder defaultPort(int value) {
            this.defaultPort = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#pollInterval()}.
         *
         * @param value how often a server is polled
         * @return this
         */
        public Builder pollInterval(Duration value) {
            this.pollInterval = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#connectTimeout()}.
         *
         * @param value how long connecting to a server may take
         * @return this
         */
        public Builder connectTimeout(Duration value) {
            this.connectTimeout = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#pollTimeout()}.
         *
         * @param value how long a whole poll may take
         * @return this
         */
        public Builder pollTimeout(Duration value) {
            this.pollTimeout = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#suspicionInterval()}.
         *
         * @param value how often a suspected server and its replicas are polled
         * @return this
         */
        public Builder suspicionInterval(Duration value) {
            this.suspicionInterval = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#maxBackoff()}.
         *
         * @param value the longest interval at which a dead server without replicas is polled
         * @return this
         */
        public Builder maxBackoff(Duration value) {
            this.maxBackoff = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#maxConcurrentPolls()}.
         *
         * @param value how many servers are polled side by side
         * @return this
         */
        public Builder maxConcurrentPolls(int value) {
            this.maxConcurrentPolls = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#sentinels()}.
         *
         * @param value whether sentinels sit on servers that have replicas
         * @return this
         */
        public Builder sentinels(boolean value) {
            this.sentinels = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#maxSentinels()}.
         *
         * @param value how many sentinels there may be
         * @return this
         */
        public Builder maxSentinels(int value) {
            this.maxSentinels = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#sentinelWait()}.
         *
         * @param value how long one wait of a sentinel lasts, at most one second
         * @return this
         */
        public Builder sentinelWait(Duration value) {
            this.sentinelWait = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#leaseTtl()}.
         *
         * @param value how long leadership holds without renewal
         * @return this
         */
        public Builder leaseTtl(Duration value) {
            this.leaseTtl = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#leaseRenewInterval()}.
         *
         * @param value how often leadership is renewed
         * @return this
         */
        public Builder leaseRenewInterval(Duration value) {
            this.leaseRenewInterval = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#candidate()}.
         *
         * @param value whether this node may become the leader
         * @return this
         */
        public Builder candidate(boolean value) {
            this.candidate = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#observeOnly()}.
         *
         * @param value whether nothing is ever changed on a server automatically
         * @return this
         */
        public Builder observeOnly(boolean value) {
            this.observeOnly = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#recoveryForbiddenBy()}.
         *
         * @param value settings that are not honoured yet and therefore forbid automatic recovery, by name
         * @return this
         */
        public Builder recoveryForbiddenBy(List<String> value) {
            this.recoveryForbiddenBy = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#primaryRecoveryFilters()}.
         *
         * @param value clusters whose dead primary is replaced automatically: a name, an alias, alias=X, alias~=regexp, a regexp on the name, or *
         * @return this
         */
        public Builder primaryRecoveryFilters(List<String> value) {
            this.primaryRecoveryFilters = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#intermediateRecoveryFilters()}.
         *
         * @param value the same for dead intermediate sources
         * @return this
         */
        public Builder intermediateRecoveryFilters(List<String> value) {
            this.intermediateRecoveryFilters = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#recoveryBlockPeriod()}.
         *
         * @param value how long a recovery blocks the next automatic one of the cluster, unless acknowledged
         * @return this
         */
        public Builder recoveryBlockPeriod(Duration value) {
            this.recoveryBlockPeriod = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#drainTimeout()}.
         *
         * @param value how long the chosen replica may take to execute what it received before it is promoted
         * @return this
         */
        public Builder drainTimeout(Duration value) {
            this.drainTimeout = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#receiverStopTimeout()}.
         *
         * @param value how long replicas are waited for to stop their receivers before the choice is made without them
         * @return this
         */
        public Builder receiverStopTimeout(Duration value) {
            this.receiverStopTimeout = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#lagThreshold()}.
         *
         * @param value above this a replica counts as lagging
         * @return this
         */
        public Builder lagThreshold(Duration value) {
            this.lagThreshold = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#maintenanceDuration()}.
         *
         * @param value how long a person's lock or downtime lasts when no duration is given
         * @return this
         */
        public Builder maintenanceDuration(Duration value) {
            this.maintenanceDuration = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#lockTtl()}.
         *
         * @param value how long the lock of a running operation holds without heartbeat
         * @return this
         */
        public Builder lockTtl(Duration value) {
            this.lockTtl = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#promotionRuleDuration()}.
         *
         * @param value how long a promotion rule lasts
         * @return this
         */
        public Builder promotionRuleDuration(Duration value) {
            this.promotionRuleDuration = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#auditRetention()}.
         *
         * @param value how long audit, recoveries and their steps are kept
         * @return this
         */
        public Builder auditRetention(Duration value) {
            this.auditRetention = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#poolExpiry()}.
         *
         * @param value how long audit, recoveries and their steps are kept
         * @return this
         */
        public Builder poolExpiry(Duration value) {
            this.poolExpiry = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#unseenForget()}.
         *
         * @param value after how long a server that is not seen is forgotten
         * @return this
         */
        public Builder unseenForget(Duration value) {
            this.unseenForget = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#discoverByShowReplicas()}.
         *
         * @param value whether replicas are found by what they reported to their source first, and by its process list only where that is empty
         * @return this
         */
        public Builder discoverByShowReplicas(boolean value) {
            this.discoverByShowReplicas = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#serverNaming()}.
         *
         * @param value how a server names itself
         * @return this
         */
        public Builder serverNaming(ServerNaming value) {
            this.serverNaming = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#seeds()}.
         *
         * @param value instances discovered at the start
         * @return this
         */
        public Builder seeds(List<InstanceKey> value) {
            this.seeds = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#detectionQueries()}.
         *
         * @param value the operator's own queries
         * @return this
         */
        public Builder detectionQueries(DetectionQueries value) {
            this.detectionQueries = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#clusterNameToAlias()}.
         *
         * @param value regular expression on a cluster's name to alias, for clusters nothing else gives one
         * @return this
         */
        public Builder clusterNameToAlias(Map<String, String> value) {
            this.clusterNameToAlias = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#acceptedReplicationFilters()}.
         *
         * @param value exactly named filters by cluster filter
         * @return this
         */
        public Builder acceptedReplicationFilters(Map<String, List<String>> value) {
            this.acceptedReplicationFilters = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#semiSyncLossPolicy()}.
         *
         * @param value the policy
         * @return this
         */
        public Builder semiSyncLossPolicy(SemiSyncLossPolicy value) {
            this.semiSyncLossPolicy = value;
            return this;
        }

        /**
         * Sets {@link OrchestratorConfig#verifyReplicationFilters()}.
         *
         * @param value whether moves below a server with filters are refused
         * @return this
         */
        public Builder verifyReplicationFilters(boolean value) {
            this.verifyReplicationFilters = value;
            return this;
        }

        /**
         * Finishes.
         *
         * @return an immutable OrchestratorConfig
         */
        public OrchestratorConfig build() {
            return new OrchestratorConfig(this);
        }
    }
}
