package dev.orchestrator.standalone.internal.config;

import static dev.orchestrator.standalone.internal.config.ConfigKey.honoured;
import static dev.orchestrator.standalone.internal.config.ConfigKey.noEffect;
import static dev.orchestrator.standalone.internal.config.ConfigKey.notYet;
import static dev.orchestrator.standalone.internal.config.ConfigKey.stopsRecovery;
import static dev.orchestrator.standalone.internal.config.ValueType.BOOL;
import static dev.orchestrator.standalone.internal.config.ValueType.INT;
import static dev.orchestrator.standalone.internal.config.ValueType.LIST;
import static dev.orchestrator.standalone.internal.config.ValueType.STRING;
import static dev.orchestrator.standalone.internal.config.ValueType.UINT;

import java.util.List;

/** Recovery, its hooks, and telling others. */
final class RecoveryKeys {
    static final List<ConfigKey<?>> ALL = List.of(
            noEffect("FailureDetectionPeriodBlockMinutes", INT, 60L, "a finding is told when it changes, not repeated"),
            honoured(
                    "RecoveryPeriodBlockMinutes",
                    INT,
                    60L,
                    "old unit of the next key, read when that is 0",
                    (d, v) -> d.blockMinutes = d.atLeast(0, v)),
            honoured("RecoveryPeriodBlockSeconds", INT, 3600L, (d, v) -> d.blockSeconds = d.atLeast(0, v)),
            stopsRecovery("RecoveryIgnoreHostnameFilters", LIST, List.of()),
            honoured(
                    "RecoverMasterClusterFilters",
                    LIST,
                    List.of(),
                    (d, v) -> d.engine.primaryRecoveryFilters(d.clusterFilters(v))),
            honoured(
                    "RecoverIntermediateMasterClusterFilters",
                    LIST,
                    List.of(),
                    (d, v) -> d.engine.intermediateRecoveryFilters(d.clusterFilters(v))),
            notYet("ProcessesShellCommand", STRING, "bash"),
            notYet("OnFailureDetectionProcesses", LIST, List.of(), "these processes will not be run"),
            stopsRecovery("PreGracefulTakeoverProcesses", LIST, List.of()),
            stopsRecovery("PreFailoverProcesses", LIST, List.of()),
            notYet("PostFailoverProcesses", LIST, List.of(), "these processes will not be run"),
            notYet("PostUnsuccessfulFailoverProcesses", LIST, List.of(), "these processes will not be run"),
            notYet("PostMasterFailoverProcesses", LIST, List.of(), "these processes will not be run"),
            notYet("PostIntermediateMasterFailoverProcesses", LIST, List.of(), "these processes will not be run"),
            notYet("PostGracefulTakeoverProcesses", LIST, List.of(), "these processes will not be run"),
            notYet("PostTakeMasterProcesses", LIST, List.of(), "these processes will not be run"),
            notYet("RecoverNonWriteableMaster", BOOL, false),
            notYet("CoMasterRecoveryMustPromoteOtherCoMaster", BOOL, true),
            notYet("DetachLostSlavesAfterMasterFailover", BOOL, true),
            notYet("DetachLostReplicasAfterMasterFailover", BOOL, false),
            stopsRecovery("ApplyMySQLPromotionAfterMasterFailover", BOOL, true),
            stopsRecovery("PreventCrossDataCenterMasterFailover", BOOL, false),
            stopsRecovery("PreventCrossRegionMasterFailover", BOOL, false),
            noEffect("MasterFailoverLostInstancesDowntimeMinutes", UINT, 0L, "had no effect"),
            notYet("MasterFailoverDetachSlaveMasterHost", BOOL, false),
            notYet("MasterFailoverDetachReplicaMasterHost", BOOL, false),
            stopsRecovery("FailMasterPromotionOnLagMinutes", UINT, 0L),
            stopsRecovery("FailMasterPromotionIfSQLThreadNotUpToDate", BOOL, false),
            stopsRecovery("DelayMasterPromotionIfSQLThreadNotUpToDate", BOOL, false),
            notYet("PostponeSlaveRecoveryOnLagMinutes", UINT, 0L),
            notYet("PostponeReplicaRecoveryOnLagMinutes", UINT, 0L),
            noEffect("OSCIgnoreHostnameFilters", LIST, List.of(), "not needed by anything here yet"),
            notYet("GraphiteAddr", STRING, ""),
            notYet("GraphitePath", STRING, ""),
            notYet("GraphiteConvertHostnameDotsToUnderscores", BOOL, true),
            noEffect("GraphitePollSeconds", INT, 60L, "had no effect"),
            honoured("URLPrefix", STRING, "", (d, v) -> d.urlPrefix(v)),
            notYet("DiscoveryIgnoreReplicaHostnameFilters", LIST, List.of(), "these replicas will be discovered"),
            notYet("DiscoveryIgnoreMasterHostnameFilters", LIST, List.of(), "these sources will be discovered"),
            notYet("DiscoveryIgnoreHostnameFilters", LIST, List.of(), "these servers will be discovered"),
            notYet("ConsulAddress", STRING, ""),
            notYet("ConsulScheme", STRING, "http"),
            notYet("ConsulAclToken", STRING, ""),
            notYet("ConsulCrossDataCenterDistribution", BOOL, false),
            notYet("ConsulKVStoreProvider", STRING, "consul"),
            notYet("ConsulMaxKVsPerTransaction", INT, 5L),
            notYet("ZkAddress", STRING, ""),
            notYet("KVClusterMasterPrefix", STRING, "mysql/master"),
            notYet("WebMessage", STRING, ""),
            notYet("MaxConcurrentReplicaOperations", INT, 5L),
            notYet("EnforceExactSemiSyncReplicas", BOOL, false),
            notYet("RecoverLockedSemiSyncMaster", BOOL, false),
            notYet("ReasonableLockedSemiSyncMasterSeconds", UINT, 0L));

    private RecoveryKeys() {}
}
