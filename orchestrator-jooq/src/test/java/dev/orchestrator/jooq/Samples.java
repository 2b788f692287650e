package dev.orchestrator.jooq;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.model.channel.StoredCredentials;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.api.recovery.ServerBefore.ChannelBefore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Values in which every field has something else than its default. */
public final class Samples {
    /** A moment with microseconds. */
    public static final Instant AT = Instant.parse("2026-03-04T05:06:07.123456Z");

    private static final InstanceKey REPLICA = new InstanceKey("db2", 3307);

    private Samples() {}

    /** A server of which everything is known. */
    public static Instance instance(InstanceKey key) {
        return Instance.builder(key, ServerVersion.parse("8.0.31-log", "MySQL Community \"Server\" \uD83D\uDE00"))
                .versionComment("MySQL Community \"Server\" \uD83D\uDE00")
                .serverUuid("3e11fa47-71ca-11e1-9e33-c80aa9429562")
                .serverId(4_294_967_295L)
                .reportedHostname("db1.internal")
                .reportHost("db1.example")
                .reportPort(3310)
                .uptime(Duration.ofSeconds(12345))
                .readOnly(true)
                .superReadOnly(true)
                .superReadOnlySupported(false)
                .binlogEnabled(true)
                .logReplicaUpdates(true)
                .binlogFormat("ROW")
                .binlogRowImage("MINIMAL")
                .binlogCoordinates(new BinlogCoordinates("bin.000017", 4, BinlogCoordinates.Type.BINARY))
                .gtidMode("ON")
                .executedGtids(gtids("1-1000:2000-3000"))
                .purgedGtids(gtids("1-10"))
                .errantGtids(gtids("2999"))
                .channels(List.of(
                        channel(),
                        ReplicationChannel.builder(new InstanceKey("db9", 3306))
                                .leftover(true)
                                .build()))
                .replicas(List.of(
                        new KnownReplica(REPLICA, "uuid-2", true),
                        new KnownReplica(new InstanceKey("::1", 3308), null, false)))
                .semiSync(new SemiSyncState(true, true, true, true, true, 2, Duration.ofMillis(4_294_967_295L), 3))
                .group(new GroupReplicationState("group-uuid", true, "ONLINE", "PRIMARY", List.of(key, REPLICA), key))
                .receiverTimeout(Duration.ofSeconds(4))
                .instanceAlias("alias of it")
                .suggestedClusterAlias("main")
                .clusterDomain("main.example")
                .dataCenter("dc1")
                .region("eu")
                .environment("prod")
                .detectedPromotionRule(PromotionRule.PREFER)
                .binlogFilters(List.of("binlog-do-db=app"))
                .limitations(List.of("no \"grant\"\nfor this", "second"))
                .build();
    }

    /** A channel of which everything is known. */
    public static ReplicationChannel channel() {
        return ReplicationChannel.builder(new InstanceKey("db0", 3306))
                .name("main channel")
                .sourceUuid("uuid-0")
                .receiver(ReplicationThreadState.CONNECTING)
                .applier(ReplicationThreadState.RUNNING)
                .autoPosition(true)
                .mariaDbGtid(true)
                .readCoordinates(new BinlogCoordinates("src.000001", 10, BinlogCoordinates.Type.BINARY))
                .executedCoordinates(new BinlogCoordinates("src.000001", 9, BinlogCoordinates.Type.BINARY))
                .relayCoordinates(new BinlogCoordinates("relay.000002", 8, BinlogCoordinates.Type.RELAY))
                .retrievedGtids(gtids("5-6"))
                .lag(Duration.ofMillis(1500))
                .configuredDelay(Duration.ofHours(1))
                .filters(List.of("replicate-ignore-db=app"))
                .lastReceiverErrno(2003)
                .lastReceiverError("error connecting to 'repl@db0'")
                .lastApplierErrno(1062)
                .lastApplierError("Duplicate entry")
                .user("repl")
                .detached(true)
                .credentialsStored(StoredCredentials.MISSING)
                .receiverErrorAge(Duration.ofSeconds(3))
                .connectedUntil(Instant.parse("2026-03-01T12:00:00.123456Z"))
                .build();
    }

    /** Transactions of one server. */
    public static GtidSet gtids(String intervals) {
        return GtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:" + intervals);
    }

    /** A recovery that has begun. */
    public static RecoveryRecord recovery(String uid, ClusterId cluster) {
        return RecoveryRecord.builder(
                        uid,
                        cluster,
                        AnalysisCode.DEAD_PRIMARY,
                        new InstanceKey("db1", 3306),
                        new Actor("orchestrator", Origin.AUTOMATIC, "node-1"),
                        AT)
                .clusterName("db1:3306")
                .clusterAlias("main")
                .failedUuid("uuid-1")
                .replicaCount(2)
                .replicas(List.of(REPLICA, new InstanceKey("::1", 3308)))
                .node("node-1")
                .nodeToken("token-1")
                .epoch(7)
                .detectedAt(AT.minusMillis(3))
                .confirmedAt(AT.minusMillis(1))
                .build();
    }

    /** A replica with two channels, as it was before. */
    public static ServerBefore before() {
        return new ServerBefore(
                new InstanceKey("::1", 3308),
                "uuid-3",
                true,
                true,
                "DISABLED",
                true,
                false,
                List.of(
                        new ChannelBefore(
                                "",
                                new InstanceKey("db1", 3306),
                                true,
                                ReplicationThreadState.CONNECTING,
                                ReplicationThreadState.RUNNING),
                        new ChannelBefore(
                                "from \"abroad\"",
                                new InstanceKey("db9", 3306),
                                false,
                                ReplicationThreadState.STOPPED,
                                ReplicationThreadState.STOPPED)));
    }

    /** The same recovery when it has ended. */
    public static RecoveryRecord ended(RecoveryRecord begun, Instant endedAt) {
        return begun.toBuilder()
                .endedAt(endedAt)
                .successful(true)
                .successor(REPLICA)
                .successorUuid("uuid-2")
                .successorAlias("replica 2")
                .successorCoordinates(new BinlogCoordinates("bin.000002", 157, BinlogCoordinates.Type.BINARY))
                .lostReplicas(List.of(new InstanceKey("db3", 3306)))
                .participants(List.of(REPLICA))
                .before(List.of(before(), new ServerBefore(REPLICA, "", false, false, null, false, true, List.of())))
                .errors(List.of("db3: \"gone\"\nagain"))
                .gtidsAtDetection(gtids("1-100"))
                .gtidsAtPromotion(gtids("1-99"))
                .lostGtids(gtids("100"))
                .lossNote("on db1 \uD83D\uDE00")
                .promotedAt(AT.plusMillis(200))
                .firstWriteAt(AT.plusMillis(201))
                .repointedAt(AT.plusMillis(400))
                .build();
    }
}
