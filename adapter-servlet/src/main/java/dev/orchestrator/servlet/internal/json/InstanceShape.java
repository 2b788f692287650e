package dev.orchestrator.servlet.internal.json;

import static dev.orchestrator.api.model.channel.BinlogCoordinates.Type.BINARY;
import static dev.orchestrator.api.model.channel.BinlogCoordinates.Type.RELAY;

import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.standalone.text.InstanceView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An instance in the predecessor's shape: 87 fields in its order, five of them twice under an old and a new name. */
public final class InstanceShape {
    private final ShapeSource snapshot;
    private final FleetMember member;
    private final InstanceView view;
    private final @Nullable Instance facts;
    private final @Nullable ReplicationChannel channel;
    private final SemiSyncState semiSync;
    private final @Nullable GroupReplicationState group;

    private InstanceShape(ShapeSource snapshot, FleetMember member) {
        this.snapshot = snapshot;
        this.member = member;
        this.view = snapshot.view(member);
        this.facts = member.instance();
        this.channel = view.channel().orElse(null);
        this.semiSync = facts == null ? SemiSyncState.UNAVAILABLE : facts.semiSync();
        this.group = facts == null ? null : facts.group();
    }

    /**
     * The shape of a member.
     *
     * @param snapshot the snapshot it belongs to
     * @param member the member
     * @return the object
     */
    public static Json of(ShapeSource snapshot, FleetMember member) {
        InstanceShape json = new InstanceShape(snapshot, member);
        return Json.object(out -> {
            json.identity(out);
            json.source(out);
            json.threads(out);
            json.positions(out);
            json.place(out);
            json.semiSync(out);
            json.checks(out);
            json.intent(out);
            json.group(out);
        });
    }

    private void identity(JsonOut out) throws IOException {
        Instance i = facts;
        out.key("Key", member.key())
                .text("InstanceAlias", i == null ? "" : i.instanceAlias())
                .number("Uptime", i == null ? 0 : i.uptime().toSeconds())
                .number("ServerID", i == null ? 0 : i.serverId())
                .text("ServerUUID", i == null ? "" : i.serverUuid())
                .text("Version", i == null ? "" : i.version().text())
                .text("VersionComment", i == null ? "" : i.versionComment())
                .text("FlavorName", i == null ? "unknown" : flavor(i.version()))
                .bool("ReadOnly", i != null && i.readOnly())
                .text("Binlog_format", i == null ? "" : i.binlogFormat())
                .text("BinlogRowImage", i == null ? "" : i.binlogRowImage())
                .bool("LogBinEnabled", i != null && i.binlogEnabled())
                .bool("LogSlaveUpdatesEnabled", i != null && i.logReplicaUpdates())
                .bool("LogReplicationUpdatesEnabled", i != null && i.logReplicaUpdates())
                .coordinates("SelfBinlogCoordinates", i == null ? null : i.binlogCoordinates(), BINARY);
    }

    private static String flavor(ServerVersion version) {
        return switch (version.flavor()) {
            case MYSQL -> "MySQL";
            case MARIADB -> "MariaDB";
            case PERCONA -> "Percona";
            case UNKNOWN -> "unknown";
        };
    }

    private void source(JsonOut out) throws IOException {
        InstanceKey source = channel == null
                ? null
                : snapshot.fleet().sourceOf(member).map(FleetMember::key).orElse(channel.source());
        out.key("MasterKey", source)
                .text("MasterUUID", channel == null ? "" : channel.sourceUuid())
                .text("AncestryUUID", ancestry())
                .bool("IsDetachedMaster", false);
    }

    private String ancestry() {
        List<FleetMember> line = new ArrayList<>(view.ancestors());
        Collections.reverse(line);
        line.add(member);
        return line.stream()
                .map(m -> m.facts().map(Instance::serverUuid).orElse(""))
                .filter(uuid -> !uuid.isEmpty())
                .collect(Collectors.joining(","));
    }

    private void threads(JsonOut out) throws IOException {
        ReplicationThreadState applier = channel == null ? ReplicationThreadState.NONE : channel.applier();
        ReplicationThreadState receiver = channel == null ? ReplicationThreadState.NONE : channel.receiver();
        out.bool("Slave_SQL_Running", applier == ReplicationThreadState.RUNNING)
                .bool("ReplicationSQLThreadRuning", applier == ReplicationThreadState.RUNNING)
                .bool("Slave_IO_Running", receiver == ReplicationThreadState.RUNNING)
                .bool("ReplicationIOThreadRuning", receiver == ReplicationThreadState.RUNNING)
                .number("ReplicationSQLThreadState", state(applier))
                .number("ReplicationIOThreadState", state(receiver));
    }

    private static int state(ReplicationThreadState state) {
        return switch (state) {
            case NONE -> -1;
            case STOPPED -> 0;
            case RUNNING -> 1;
            case CONNECTING -> 2;
        };
    }

    private void positions(JsonOut out) throws IOException {
        Instance i = facts;
        ReplicationChannel c = channel;
        out.bool("HasReplicationFilters", c != null && !c.filters().isEmpty())
                .text("GTIDMode", i == null ? "" : i.gtidMode())
                .bool("SupportsOracleGTID", i != null && InstanceView.supportsOracleGtid(i))
                .bool("UsingOracleGTID", c != null && c.autoPosition())
                .bool("UsingMariaDBGTID", c != null && c.mariaDbGtid())
                .bool("UsingPseudoGTID", false)
                .coordinates("ReadBinlogCoordinates", c == null ? null : c.readCoordinates(), BINARY)
                .coordinates("ExecBinlogCoordinates", c == null ? null : c.executedCoordinates(), BINARY)
                .bool("IsDetached", false)
                .coordinates("RelaylogCoordinates", c == null ? null : c.relayCoordinates(), RELAY)
                .text("LastSQLError", c == null ? "" : GoText.quotedAscii(c.lastApplierError()))
                .text("LastIOError", c == null ? "" : GoText.quotedAscii(c.lastReceiverError()))
                .seconds("SecondsBehindMaster", c == null ? null : c.lag())
                .number("SQLDelay", c == null ? 0 : c.configuredDelay().toSeconds())
                .text("ExecutedGtidSet", i == null ? "" : i.executedGtids().toString())
                .text("GtidPurged", i == null ? "" : i.purgedGtids().toString())
                .text("GtidErrant", i == null ? "" : i.errantGtids().toString())
                .seconds("SlaveLagSeconds", view.lag().orElse(null))
                .seconds("ReplicationLagSeconds", view.lag().orElse(null));
    }

    private void place(JsonOut out) throws IOException {
        Instance i = facts;
        List<InstanceKey> replicas = replicas();
        out.keys("SlaveHosts", replicas)
                .keys("Replicas", replicas)
                .text(
                        "ClusterName",
                        snapshot.clusterOf(member).map(Cluster::name).orElse(""))
                .text("SuggestedClusterAlias", i == null ? "" : i.suggestedClusterAlias())
                .text("DataCenter", i == null ? "" : i.dataCenter())
                .text("Region", i == null ? "" : i.region())
                .text("PhysicalEnvironment", i == null ? "" : i.environment())
                .number(
                        "ReplicationDepth",
                        view.isCoPrimary() ? 0 : view.ancestors().size())
                .bool("IsCoMaster", view.isCoPrimary())
                .bool(
                        "HasReplicationCredentials",
                        channel != null && !channel.user().isEmpty())
                .bool("ReplicationCredentialsAvailable", false);
    }

    /** Those that replicate from it, and those it says are connected, by the names the fleet uses. */
    private List<InstanceKey> replicas() {
        TreeSet<InstanceKey> keys = new TreeSet<>();
        snapshot.fleet().replicasOf(member.key()).forEach(m -> keys.add(m.key()));
        if (facts != null) {
            for (KnownReplica replica : facts.replicas()) {
                // A port that is only assumed may be wrong: such a replica counts when there is such a server.
                if (!replica.portAssumed()
                        || snapshot.fleet().member(replica.key()).isPresent()) {
                    keys.add(snapshot.fleet().canonical(replica.key()));
                }
            }
        }
        return new ArrayList<>(keys);
    }

    private void semiSync(JsonOut out) throws IOException {
        out.bool("SemiSyncAvailable", semiSync.available())
                .number("SemiSyncPriority", 0)
                .bool("SemiSyncMasterEnabled", semiSync.sourceEnabled())
                .bool("SemiSyncReplicaEnabled", semiSync.replicaEnabled())
                .number("SemiSyncMasterTimeout", semiSync.timeout().toMillis())
                .number("SemiSyncMasterWaitForReplicaCount", semiSync.waitForReplicas())
                .bool("SemiSyncMasterStatus", semiSync.sourceActive())
                .number("SemiSyncMasterClients", semiSync.clients())
                .bool("SemiSyncReplicaStatus", semiSync.replicaActive());
    }

    private void checks(JsonOut out) throws IOException {
        Instant seen = member.lastSeen();
        out.time("LastSeenTimestamp", seen)
                .bool("IsLastCheckValid", view.isLastCheckValid())
                .bool("IsUpToDate", view.isUpToDate())
                .bool("IsRecentlyChecked", view.isRecentlyChecked())
                .seconds("SecondsSinceLastSeen", seen == null ? null : Duration.between(seen, snapshot.now()));
    }

    private void intent(JsonOut out) throws IOException {
        PromotionRule rule = view.promotionRule();
        Optional<Downtime> downtime = view.downtime();
        out.number("CountMySQLSnapshots", 0)
                .bool("IsCandidate", rule == PromotionRule.MUST || rule == PromotionRule.PREFER)
                .text("PromotionRule", rule.text())
                .bool("IsDowntimed", downtime.isPresent())
                .text("DowntimeReason", downtime.map(Downtime::reason).orElse(""))
                .text("DowntimeOwner", downtime.map(d -> d.owner().who()).orElse(""))
                .time("DowntimeEndTimestamp", downtime.map(Downtime::end).orElse(null))
                .number(
                        "ElapsedDowntime",
                        downtime.map(d -> Duration.between(d.begin(), snapshot.now())
                                        .toNanos())
                                .orElse(0L))
                .text("UnresolvedHostname", "")
                .bool("AllowTLS", false)
                .field("Problems", Json.texts(view.problems()))
                .number("LastDiscoveryLatency", member.latency().toNanos());
    }

    private void group(JsonOut out) throws IOException {
        GroupReplicationState g = group;
        out.text("ReplicationGroupName", g == null ? "" : g.groupName())
                .bool("ReplicationGroupIsSinglePrimary", g != null && g.singlePrimary())
                .text("ReplicationGroupMemberState", g == null ? "" : g.memberState())
                .text("ReplicationGroupMemberRole", g == null ? "" : g.memberRole())
                .keys("ReplicationGroupMembers", g == null ? List.of() : g.members())
                .key("ReplicationGroupPrimaryInstanceKey", g == null ? null : g.primary());
    }
}
