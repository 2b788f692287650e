package dev.orchestrator.api.config;

import dev.orchestrator.api.model.InstanceKey;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The settings of an orchestrator. Immutable; every setting has a default that is safe.
 *
 * @param nodeName what this node is called; empty for the host's name
 * @param defaultPort the port of a server when a key names none
 * @param pollInterval how often a server is polled
 * @param connectTimeout how long connecting to a server may take
 * @param pollTimeout how long a whole poll may take
 * @param suspicionInterval how often a suspected server and its replicas are polled
 * @param maxBackoff the longest interval at which a dead server without replicas is polled
 * @param maxConcurrentPolls how many servers are polled side by side
 * @param sentinels whether sentinels sit on servers that have replicas
 * @param maxSentinels how many sentinels there may be
 * @param sentinelWait how long one wait of a sentinel lasts, at most one second
 * @param leaseTtl how long leadership holds without renewal
 * @param leaseRenewInterval how often leadership is renewed
 * @param candidate whether this node may become the leader
 * @param observeOnly whether nothing is ever changed on a server automatically
 * @param recoveryForbiddenBy settings that are not honoured yet and therefore forbid automatic recovery, by name
 * @param primaryRecoveryFilters clusters whose dead primary is replaced automatically: a name, an alias, alias=X,
 *     alias~=regexp, a regexp on the name, or *
 * @param intermediateRecoveryFilters the same for dead intermediate sources
 * @param recoveryBlockPeriod how long a recovery blocks the next automatic one of the cluster, unless acknowledged
 * @param drainTimeout how long the chosen replica may take to execute what it received before it is promoted
 * @param receiverStopTimeout how long replicas are waited for to stop their receivers before the choice is made
 *     without them
 * @param lagThreshold above this a replica counts as lagging
 * @param maintenanceDuration how long an operator's lock or downtime lasts when no duration is given
 * @param lockTtl how long the lock of a running operation holds without heartbeat
 * @param promotionRuleDuration how long a promotion rule lasts
 * @param auditRetention how long audit, recoveries and their steps are kept
 * @param poolExpiry how long a pool stays what was submitted
 * @param unseenForget after how long a server that is not seen is forgotten
 * @param discoverByShowReplicas whether replicas are found by what they reported to their source first, and by its
 *     process list only where that is empty
 * @param serverNaming how a server names itself
 * @param seeds instances discovered at the start
 * @param detectionQueries the operator's own queries
 * @param clusterNameToAlias regular expression on a cluster's name to alias, for clusters nothing else gives one
 * @param acceptedReplicationFilters replication filters that do not keep a replica from being promoted, by the
 *     filter that names a cluster; exactly named filters, such as {@code replicate-ignore-table=app.log}
 * @param semiSyncLossPolicy what is done when only silent servers may hold what a dead primary acknowledged
 * @param verifyReplicationFilters whether an operator's move of a server below one with replication filters is
 *     refused unless it has the same. What is done automatically never depends on it
 */
@RecordBuilder
public record OrchestratorConfig(
        String nodeName,
        int defaultPort,
        Duration pollInterval,
        Duration connectTimeout,
        Duration pollTimeout,
        Duration suspicionInterval,
        Duration maxBackoff,
        int maxConcurrentPolls,
        boolean sentinels,
        int maxSentinels,
        Duration sentinelWait,
        Duration leaseTtl,
        Duration leaseRenewInterval,
        boolean candidate,
        boolean observeOnly,
        List<String> recoveryForbiddenBy,
        List<String> primaryRecoveryFilters,
        List<String> intermediateRecoveryFilters,
        Duration recoveryBlockPeriod,
        Duration drainTimeout,
        Duration receiverStopTimeout,
        Duration lagThreshold,
        Duration maintenanceDuration,
        Duration lockTtl,
        Duration promotionRuleDuration,
        Duration auditRetention,
        Duration poolExpiry,
        Duration unseenForget,
        boolean discoverByShowReplicas,
        ServerNaming serverNaming,
        List<InstanceKey> seeds,
        DetectionQueries detectionQueries,
        Map<String, String> clusterNameToAlias,
        Map<String, List<String>> acceptedReplicationFilters,
        SemiSyncLossPolicy semiSyncLossPolicy,
        boolean verifyReplicationFilters) {
    /** Collections are copied. */
    public OrchestratorConfig {
        recoveryForbiddenBy = List.copyOf(recoveryForbiddenBy);
        primaryRecoveryFilters = List.copyOf(primaryRecoveryFilters);
        intermediateRecoveryFilters = List.copyOf(intermediateRecoveryFilters);
        seeds = List.copyOf(seeds);
        clusterNameToAlias = Map.copyOf(clusterNameToAlias);
        acceptedReplicationFilters = Map.copyOf(acceptedReplicationFilters);
    }

    /**
     * Starts a new one.
     *
     * @return a builder in which everything else has its default
     */
    public static OrchestratorConfigBuilder builder() {
        return OrchestratorConfigBuilder.builder()
                .nodeName("")
                .defaultPort(3306)
                .pollInterval(Duration.ofSeconds(5))
                .connectTimeout(Duration.ofSeconds(1))
                .pollTimeout(Duration.ofSeconds(2))
                .suspicionInterval(Duration.ofMillis(250))
                .maxBackoff(Duration.ofSeconds(60))
                .maxConcurrentPolls(64)
                .sentinels(true)
                .maxSentinels(2000)
                .sentinelWait(Duration.ofSeconds(1))
                .leaseTtl(Duration.ofSeconds(3))
                .leaseRenewInterval(Duration.ofMillis(750))
                .candidate(true)
                .recoveryForbiddenBy(List.of())
                .primaryRecoveryFilters(List.of())
                .intermediateRecoveryFilters(List.of())
                .recoveryBlockPeriod(Duration.ofSeconds(3600))
                .drainTimeout(Duration.ofMinutes(10))
                .receiverStopTimeout(Duration.ofMillis(1500))
                .lagThreshold(Duration.ofSeconds(10))
                .maintenanceDuration(Duration.ofMinutes(10))
                .lockTtl(Duration.ofSeconds(10))
                .promotionRuleDuration(Duration.ofMinutes(60))
                .auditRetention(Duration.ofDays(7))
                .poolExpiry(Duration.ofMinutes(60))
                .unseenForget(Duration.ofHours(240))
                .discoverByShowReplicas(true)
                .serverNaming(ServerNaming.REPORT_HOST)
                .seeds(List.of())
                .detectionQueries(DetectionQueries.NONE)
                .clusterNameToAlias(Map.of())
                .acceptedReplicationFilters(Map.of())
                .semiSyncLossPolicy(SemiSyncLossPolicy.REFUSE_IF_INFINITE);
    }

    /** A builder that starts from this one. */
    public OrchestratorConfigBuilder toBuilder() {
        return OrchestratorConfigBuilder.builder(this);
    }

    @Override
    public int hashCode() {
        return Objects.hash(nodeName, pollInterval, leaseTtl);
    }

    @Override
    public String toString() {
        return "OrchestratorConfig of " + (nodeName.isEmpty() ? "this host" : nodeName);
    }
}
