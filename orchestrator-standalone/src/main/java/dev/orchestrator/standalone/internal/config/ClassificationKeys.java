package dev.orchestrator.standalone.internal.config;

import static dev.orchestrator.standalone.internal.config.ConfigKey.honoured;
import static dev.orchestrator.standalone.internal.config.ConfigKey.noEffect;
import static dev.orchestrator.standalone.internal.config.ConfigKey.notYet;
import static dev.orchestrator.standalone.internal.config.ConfigKey.stopsRecovery;
import static dev.orchestrator.standalone.internal.config.ConfigKey.stopsStart;
import static dev.orchestrator.standalone.internal.config.ValueType.BOOL;
import static dev.orchestrator.standalone.internal.config.ValueType.INT;
import static dev.orchestrator.standalone.internal.config.ValueType.LIST;
import static dev.orchestrator.standalone.internal.config.ValueType.MAP;
import static dev.orchestrator.standalone.internal.config.ValueType.STRING;
import static dev.orchestrator.standalone.internal.config.ValueType.UINT;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Names of clusters and servers, and features that have gone: agents, Pseudo-GTID. */
final class ClassificationKeys {
    static final List<ConfigKey<?>> ALL = List.of(
            honoured("ClusterNameToAlias", MAP, Map.of(), (d, v) -> d.clusterNameToAlias(v)),
            honoured("DetectClusterAliasQuery", STRING, "", (d, v) -> d.clusterAliasQuery = v),
            honoured("DetectClusterDomainQuery", STRING, "", (d, v) -> d.clusterDomainQuery = v),
            honoured("DetectInstanceAliasQuery", STRING, "", (d, v) -> d.instanceAliasQuery = v),
            honoured("DetectPromotionRuleQuery", STRING, "", (d, v) -> d.promotionRuleQuery = v),
            notYet("DataCenterPattern", STRING, ""),
            notYet("RegionPattern", STRING, ""),
            notYet("PhysicalEnvironmentPattern", STRING, ""),
            honoured("DetectDataCenterQuery", STRING, "", (d, v) -> d.dataCenterQuery = v),
            honoured("DetectRegionQuery", STRING, "", (d, v) -> d.regionQuery = v),
            honoured("DetectPhysicalEnvironmentQuery", STRING, "", (d, v) -> d.environmentQuery = v),
            notYet("DetectSemiSyncEnforcedQuery", STRING, ""),
            noEffect(
                    "SupportFuzzyPoolHostnames",
                    BOOL,
                    true,
                    "what is no instance's name is always completed when only one can be meant"),
            honoured(
                    "InstancePoolExpiryMinutes",
                    UINT,
                    60L,
                    (d, v) -> d.engine.poolExpiry(Duration.ofMinutes(d.atLeast(1, v)))),
            stopsRecovery("PromotionIgnoreHostnameFilters", LIST, List.of()),
            noEffect("ServeAgentsHttp", BOOL, false, "agents are not supported"),
            noEffect("AgentsUseSSL", BOOL, false, "agents are not supported"),
            noEffect("AgentsUseMutualTLS", BOOL, false, "agents are not supported"),
            noEffect("AgentSSLSkipVerify", BOOL, false, "agents are not supported"),
            noEffect("AgentSSLPrivateKeyFile", STRING, "", "agents are not supported"),
            noEffect("AgentSSLCertFile", STRING, "", "agents are not supported"),
            noEffect("AgentSSLCAFile", STRING, "", "agents are not supported"),
            noEffect("AgentSSLValidOUs", LIST, List.of(), "agents are not supported"),
            stopsStart("UseSSL", BOOL, false, "the port would speak plain HTTP; put a TLS proxy in front"),
            stopsStart(
                    "UseMutualTLS", BOOL, false, "nobody would be asked for a certificate; put a TLS proxy in front"),
            noEffect("SSLSkipVerify", BOOL, false, "see UseSSL"),
            noEffect("SSLPrivateKeyFile", STRING, "", "see UseSSL"),
            noEffect("SSLCertFile", STRING, "", "see UseSSL"),
            noEffect("SSLCAFile", STRING, "", "see UseSSL"),
            noEffect("SSLValidOUs", LIST, List.of(), "see UseSSL"),
            honoured("StatusEndpoint", STRING, "/api/status", (d, v) -> d.statusEndpoint = v),
            noEffect("StatusOUVerify", BOOL, false, "see UseSSL"),
            noEffect("AgentPollMinutes", UINT, 60L, "agents are not supported"),
            noEffect("UnseenAgentForgetHours", UINT, 6L, "agents are not supported"),
            noEffect("StaleSeedFailMinutes", UINT, 60L, "agents are not supported"),
            noEffect("SeedAcceptableBytesDiff", INT, 8192L, "had no effect"),
            noEffect("SeedWaitSecondsBeforeSend", INT, 2L, "agents are not supported"),
            noEffect("AutoPseudoGTID", BOOL, false, "Pseudo-GTID is not supported"),
            noEffect("PseudoGTIDPattern", STRING, "", "Pseudo-GTID is not supported"),
            noEffect("PseudoGTIDPatternIsFixedSubstring", BOOL, false, "Pseudo-GTID is not supported"),
            noEffect("PseudoGTIDMonotonicHint", STRING, "", "Pseudo-GTID is not supported"),
            noEffect("DetectPseudoGTIDQuery", STRING, "", "Pseudo-GTID is not supported"),
            noEffect("BinlogEventsChunkSize", INT, 10_000L, "Pseudo-GTID is not supported"),
            noEffect("SkipBinlogEventsContaining", LIST, List.of(), "Pseudo-GTID is not supported"),
            noEffect("ReduceReplicationAnalysisCount", BOOL, true, "the analysis is made in memory"));

    private ClassificationKeys() {}
}
