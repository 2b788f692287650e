package dev.orchestrator.servlet.internal.json;

import static dev.orchestrator.api.model.channel.BinlogCoordinates.Type.BINARY;

import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An analysis in the predecessor's shape ReplicationAnalysis: 57 fields in its order. */
public final class AnalysisJson {
    private static final Json ZERO = Json.of(0);
    private static final Json FALSE = Json.of(false);
    private static final Json EMPTY = Json.of("");
    private static final Json NO_KEY = JsonOut.key(null);
    private static final Json NO_KEYS = JsonOut.keys(List.of());
    private static final Json NO_CLUSTER = Json.object(out -> out.text("ClusterName", "")
            .text("ClusterAlias", "")
            .text("ClusterDomain", "")
            .number("CountInstances", 0)
            .number("HeuristicLag", 0)
            .bool("HasAutomatedMasterRecovery", false)
            .bool("HasAutomatedIntermediateMasterRecovery", false));

    private static final Map<String, Json> NOTHING = nothing();

    private final Map<String, Json> fields = new LinkedHashMap<>(NOTHING);

    private AnalysisJson() {}

    /**
     * The shape of an analysis.
     *
     * @param snapshot the snapshot it was made from
     * @param analysis the analysis
     * @return the object
     */
    public static Json of(ShapeSource snapshot, FailureAnalysis analysis) {
        AnalysisJson json = new AnalysisJson();
        json.finding(snapshot, analysis);
        json.counts(analysis.counts());
        json.downtime(snapshot, analysis);
        snapshot.fleet().instance(analysis.instance()).ifPresent(json::facts);
        json.replicas(snapshot, analysis);
        return Json.object(json.fields);
    }

    /**
     * What is remembered of the analysis a recovery began with.
     *
     * @param recovery the recovery
     * @return the object; most fields are empty, as they were when read back from the predecessor's backend
     */
    public static Json of(RecoveryRecord recovery) {
        AnalysisJson json = new AnalysisJson();
        json.set("AnalyzedInstanceKey", JsonOut.key(recovery.failed()));
        json.set(
                "ClusterDetails",
                Json.object(out -> out.text("ClusterName", recovery.clusterName())
                        .text("ClusterAlias", recovery.clusterAlias())
                        .text("ClusterDomain", "")
                        .number("CountInstances", 0)
                        .number("HeuristicLag", 0)
                        .bool("HasAutomatedMasterRecovery", false)
                        .bool("HasAutomatedIntermediateMasterRecovery", false)));
        json.set("CountReplicas", Json.of(recovery.replicaCount()));
        json.set("Replicas", JsonOut.keys(recovery.replicas()));
        json.set("SlaveHosts", JsonOut.keys(recovery.replicas()));
        json.set("Analysis", Json.of(recovery.type().compatibleReason(recovery.analysis())));
        return Json.object(json.fields);
    }

    private void set(String name, Json value) {
        if (fields.replace(name, value) == null) {
            throw new IllegalArgumentException("ReplicationAnalysis has no field " + name);
        }
    }

    private void finding(ShapeSource snapshot, FailureAnalysis a) {
        set("AnalyzedInstanceKey", JsonOut.key(a.instance()));
        set("AnalyzedInstanceMasterKey", JsonOut.key(a.source()));
        Optional<Cluster> cluster = snapshot.fleet().cluster(a.cluster());
        cluster.ifPresent(c -> set("ClusterDetails", snapshot.clusterInfo(c)));
        set("IsMaster", Json.of(a.primary()));
        set("IsCoMaster", Json.of(a.coPrimary()));
        set("LastCheckValid", Json.of(a.reachable()));
        set("LastCheckPartialSuccess", Json.of(answered(snapshot, a.instance())));
        set("ReplicationDepth", Json.of(a.depth()));
        set("Replicas", JsonOut.keys(a.replicas()));
        set("SlaveHosts", JsonOut.keys(a.replicas()));
        set("Analysis", Json.of(a.code().compatibleName()));
        set("Description", Json.of(a.code().description()));
        set(
                "StructureAnalysis",
                a.warnings().isEmpty()
                        ? Json.NULL
                        : Json.list(a.warnings(), (StructureWarning w) -> Json.of(w.compatibleName())));
        set("IsActionableRecovery", Json.of(a.actionable()));
        set("SkippableDueToDowntime", Json.of(a.downtimed()));
    }

    private static boolean answered(ShapeSource snapshot, InstanceKey key) {
        return snapshot.fleet()
                .member(key)
                .map(FleetMember::failure)
                .map(f -> f.serverAnswered())
                .orElse(false);
    }

    private void counts(ReplicaCounts c) {
        set("CountReplicas", Json.of(c.total()));
        set("CountValidReplicas", Json.of(c.reachable()));
        set("CountValidReplicatingReplicas", Json.of(c.replicating()));
        set("CountReplicasFailingToConnectToMaster", Json.of(c.failingToConnect()));
        set("CountDowntimedReplicas", Json.of(c.downtimed()));
        set("IsReplicasDowntimed", Json.of(c.total() > 0 && c.downtimed() == c.total()));
        set("CountSemiSyncReplicasEnabled", Json.of(c.semiSyncEnabled()));
        set("CountLoggingReplicas", Json.of(c.logging()));
        set("CountStatementBasedLoggingReplicas", Json.of(c.statementLogging()));
        set("CountMixedBasedLoggingReplicas", Json.of(c.mixedLogging()));
        set("CountRowBasedLoggingReplicas", Json.of(c.rowLogging()));
        set("CountDistinctMajorVersionsLoggingReplicas", Json.of(c.majorVersions()));
        set("CountDelayedReplicas", Json.of(c.delayed()));
        set("CountLaggingReplicas", Json.of(c.lagging()));
    }

    private void downtime(ShapeSource snapshot, FailureAnalysis a) {
        Optional<Downtime> downtime = snapshot.view(a.instance()).flatMap(v -> v.downtime());
        set("IsDowntimed", Json.of(downtime.isPresent()));
        downtime.ifPresent(d -> {
            set("DowntimeEndTimestamp", Json.of(dev.orchestrator.standalone.text.Timestamps.utc(d.end())));
            set(
                    "DowntimeRemainingSeconds",
                    Json.of(Duration.between(snapshot.now(), d.end()).toSeconds()));
        });
    }

    private void facts(Instance i) {
        SemiSyncState semiSync = i.semiSync();
        set("AnalyzedInstanceDataCenter", Json.of(i.dataCenter()));
        set("AnalyzedInstanceRegion", Json.of(i.region()));
        set("AnalyzedInstancePhysicalEnvironment", Json.of(i.environment()));
        set("AnalyzedInstanceBinlogCoordinates", JsonOut.coordinates(i.binlogCoordinates(), BINARY));
        set("IsReplicationGroupMember", Json.of(i.group() != null));
        set("IsFailingToConnectToMaster", Json.of(failsToConnect(i.mainChannel().orElse(null))));
        set("SemiSyncMasterEnabled", Json.of(semiSync.sourceEnabled()));
        set("SemiSyncMasterStatus", Json.of(semiSync.sourceActive()));
        set("SemiSyncMasterWaitForReplicaCount", Json.of(semiSync.waitForReplicas()));
        set("SemiSyncMasterClients", Json.of(semiSync.clients()));
        set("GTIDMode", Json.of(i.gtidMode()));
        set("IsReadOnly", Json.of(i.readOnly()));
    }

    private static boolean failsToConnect(@Nullable ReplicationChannel channel) {
        return channel != null
                && channel.receiver() != dev.orchestrator.api.model.ReplicationThreadState.RUNNING
                && channel.lastReceiverErrno() != 0;
    }

    private void replicas(ShapeSource snapshot, FailureAnalysis a) {
        List<Instance> replicas = a.replicas().stream()
                .flatMap(k -> snapshot.fleet().instance(k).stream())
                .toList();
        set("OracleGTIDImmediateTopology", Json.of(all(replicas, Instance::usesOracleGtid)));
        set(
                "MariaDBGTIDImmediateTopology",
                Json.of(all(
                        replicas,
                        i -> i.mainChannel()
                                .map(ReplicationChannel::mariaDbGtid)
                                .orElse(false))));
        List<String> modes = replicas.stream().map(Instance::gtidMode).sorted().toList();
        if (!modes.isEmpty()) {
            set("MinReplicaGTIDMode", Json.of(modes.get(0)));
            set("MaxReplicaGTIDMode", Json.of(modes.get(modes.size() - 1)));
        }
        replicas.stream()
                .map(i -> i.errantGtids().toString())
                .max(String::compareTo)
                .ifPresent(errant -> set("MaxReplicaGTIDErrant", Json.of(errant)));
    }

    private static boolean all(List<Instance> replicas, Predicate<Instance> test) {
        return !replicas.isEmpty() && replicas.stream().allMatch(test);
    }

    private static Map<String, Json> nothing() {
        Map<String, Json> f = new LinkedHashMap<>();
        put(f, NO_KEY, "AnalyzedInstanceKey", "AnalyzedInstanceMasterKey");
        put(f, NO_CLUSTER, "ClusterDetails");
        put(f, EMPTY, "AnalyzedInstanceDataCenter", "AnalyzedInstanceRegion", "AnalyzedInstancePhysicalEnvironment");
        put(f, JsonOut.coordinates(null, BINARY), "AnalyzedInstanceBinlogCoordinates");
        put(
                f,
                FALSE,
                "IsMaster",
                "IsReplicationGroupMember",
                "IsCoMaster",
                "LastCheckValid",
                "LastCheckPartialSuccess");
        put(f, ZERO, "CountReplicas", "CountValidReplicas", "CountValidReplicatingReplicas");
        put(f, ZERO, "CountReplicasFailingToConnectToMaster", "CountDowntimedReplicas", "ReplicationDepth");
        put(f, NO_KEYS, "Replicas", "SlaveHosts");
        put(f, FALSE, "IsFailingToConnectToMaster");
        put(f, EMPTY, "Analysis", "Description");
        put(f, Json.NULL, "StructureAnalysis");
        put(f, FALSE, "IsDowntimed", "IsReplicasDowntimed");
        put(f, EMPTY, "DowntimeEndTimestamp");
        put(f, ZERO, "DowntimeRemainingSeconds");
        put(f, FALSE, "IsBinlogServer", "PseudoGTIDImmediateTopology", "OracleGTIDImmediateTopology");
        put(f, FALSE, "MariaDBGTIDImmediateTopology", "BinlogServerImmediateTopology");
        put(f, FALSE, "SemiSyncMasterEnabled", "SemiSyncMasterStatus");
        put(f, ZERO, "SemiSyncMasterWaitForReplicaCount", "SemiSyncMasterClients", "CountSemiSyncReplicasEnabled");
        put(f, ZERO, "CountLoggingReplicas", "CountStatementBasedLoggingReplicas", "CountMixedBasedLoggingReplicas");
        put(f, ZERO, "CountRowBasedLoggingReplicas", "CountDistinctMajorVersionsLoggingReplicas");
        put(f, ZERO, "CountDelayedReplicas", "CountLaggingReplicas");
        put(f, FALSE, "IsActionableRecovery");
        put(f, EMPTY, "ProcessingNodeHostname", "ProcessingNodeToken");
        put(f, ZERO, "CountAdditionalAgreeingNodes");
        put(f, EMPTY, "StartActivePeriod");
        put(f, FALSE, "SkippableDueToDowntime");
        put(f, EMPTY, "GTIDMode", "MinReplicaGTIDMode", "MaxReplicaGTIDMode", "MaxReplicaGTIDErrant", "CommandHint");
        put(f, FALSE, "IsReadOnly");
        return f;
    }

    private static void put(Map<String, Json> fields, Json value, String... names) {
        for (String name : names) {
            fields.put(name, value);
        }
    }
}
