package dev.orchestrator.standalone.internal.config;

import static dev.orchestrator.standalone.internal.config.ConfigKey.honoured;
import static dev.orchestrator.standalone.internal.config.ConfigKey.noEffect;
import static dev.orchestrator.standalone.internal.config.ConfigKey.notYet;
import static dev.orchestrator.standalone.internal.config.ConfigKey.stopsStart;
import static dev.orchestrator.standalone.internal.config.ValueType.BOOL;
import static dev.orchestrator.standalone.internal.config.ValueType.INT;
import static dev.orchestrator.standalone.internal.config.ValueType.LIST;
import static dev.orchestrator.standalone.internal.config.ValueType.STRING;
import static dev.orchestrator.standalone.internal.config.ValueType.UINT;

import java.time.Duration;
import java.util.List;

/** Observing servers, auditing, and access to the API. */
final class ObservationKeys {
    static final List<ConfigKey<?>> ALL = List.of(
            honoured("SlaveLagQuery", STRING, "", "old name of ReplicationLagQuery", (d, v) -> d.lagQuery(v)),
            honoured("ReplicationLagQuery", STRING, "", (d, v) -> d.lagQuery(v)),
            honoured(
                    "ReplicationCredentialsQuery",
                    STRING,
                    "",
                    "asked on a replica at a switchover; without it, mysql.slave_master_info",
                    (d, v) -> d.replicationAccountQuery = v),
            honoured("DiscoverByShowSlaveHosts", BOOL, false, (d, v) -> d.engine.discoverByShowReplicas(v)),
            noEffect("UseSuperReadOnly", BOOL, false, "super_read_only is always set together with read_only"),
            honoured("InstancePollSeconds", UINT, 5L, (d, v) -> d.engine.pollInterval(d.seconds(1, v))),
            noEffect("ReasonableInstanceCheckSeconds", UINT, 1L, "a poll has a deadline of its own"),
            noEffect("InstanceWriteBufferSize", INT, 100L, "writes of polls are always batched"),
            noEffect("BufferInstanceWrites", BOOL, false, "writes of polls are always batched"),
            noEffect("InstanceFlushIntervalMilliseconds", INT, 100L, "writes of polls are always batched"),
            noEffect("SkipMaxScaleCheck", BOOL, true, "servers are never asked whether they are MaxScale"),
            honoured(
                    "UnseenInstanceForgetHours",
                    UINT,
                    240L,
                    (d, v) -> d.engine.unseenForget(Duration.ofHours(d.atLeast(1, v)))),
            notYet("SnapshotTopologiesIntervalHours", UINT, 0L),
            honoured(
                    "DiscoveryMaxConcurrency",
                    UINT,
                    300L,
                    "how many servers are polled side by side",
                    (d, v) -> d.engine.maxConcurrentPolls(d.atLeast(1, v))),
            noEffect(
                    "DiscoveryQueueCapacity",
                    UINT,
                    100_000L,
                    "there is no queue: every server has its own time to be polled"),
            noEffect("DiscoveryQueueMaxStatisticsSize", INT, 120L, "there is no queue"),
            noEffect("DiscoveryCollectionRetentionSeconds", UINT, 120L, "there are no such metrics"),
            honoured("DiscoverySeeds", LIST, List.of(), (d, v) -> d.seeds = v),
            notYet("InstanceBulkOperationsWaitTimeoutSeconds", UINT, 10L),
            honoured("HostnameResolveMethod", STRING, "default", (d, v) -> d.resolveMethod(v)),
            honoured("MySQLHostnameResolveMethod", STRING, "@@hostname", (d, v) -> d.serverNaming(v)),
            noEffect("SkipBinlogServerUnresolveCheck", BOOL, true, "binlog servers are not supported"),
            honoured(
                    "ExpiryHostnameResolvesMinutes",
                    INT,
                    60L,
                    (d, v) -> d.resolveExpiry = Duration.ofMinutes(d.atLeast(1, v))),
            honoured("RejectHostnameResolvePattern", STRING, "", (d, v) -> d.rejectedNames = d.pattern(v)),
            honoured("ReasonableReplicationLagSeconds", INT, 10L, (d, v) -> d.engine.lagThreshold(d.seconds(1, v))),
            honoured("ProblemIgnoreHostnameFilters", LIST, List.of(), (d, v) -> d.problemIgnoreFilters = d.patterns(v)),
            honoured("VerifyReplicationFilters", BOOL, false, (d, v) -> d.engine.verifyReplicationFilters(v)),
            notYet("ReasonableMaintenanceReplicationLagSeconds", INT, 20L),
            honoured(
                    "CandidateInstanceExpireMinutes",
                    UINT,
                    60L,
                    (d, v) -> d.engine.promotionRuleDuration(Duration.ofMinutes(d.atLeast(1, v)))),
            notYet("AuditLogFile", STRING, ""),
            notYet("AuditToSyslog", BOOL, false),
            noEffect("AuditToBackendDB", BOOL, false, "the audit trail is always kept in the backend"),
            honoured("AuditPurgeDays", UINT, 7L, (d, v) -> d.engine.auditRetention(Duration.ofDays(d.atLeast(1, v)))),
            notYet("RemoveTextFromHostnameDisplay", STRING, ""),
            stopsStart(
                    "ReadOnly",
                    BOOL,
                    false,
                    "orders would be obeyed; use a proxy that refuses them, or remove the key"),
            stopsStart(
                    "AuthenticationMethod",
                    STRING,
                    "",
                    "nobody would be asked for a password; put a proxy that asks in front, and listen on loopback"),
            noEffect("OAuthClientId", STRING, "", "had no effect"),
            noEffect("OAuthClientSecret", STRING, "", "had no effect"),
            noEffect("OAuthScopes", LIST, List.of(), "had no effect"),
            noEffect("HTTPAuthUser", STRING, "", "see AuthenticationMethod"),
            noEffect("HTTPAuthPassword", STRING, "", "see AuthenticationMethod"),
            noEffect("AuthUserHeader", STRING, "X-Forwarded-User", "see AuthenticationMethod"),
            noEffect("PowerAuthUsers", LIST, List.of("*"), "see AuthenticationMethod"),
            noEffect("PowerAuthGroups", LIST, List.of(), "see AuthenticationMethod"),
            noEffect("AccessTokenUseExpirySeconds", UINT, 60L, "see AuthenticationMethod"),
            noEffect("AccessTokenExpiryMinutes", UINT, 1440L, "see AuthenticationMethod"));

    private ObservationKeys() {}
}
