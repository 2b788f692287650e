package dev.orchestrator.servlet.fake;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A primary with two replicas, one of them with an errant transaction; and a cluster that nobody can reach. */
public final class Fleets {
    public static final InstanceKey PRIMARY = new InstanceKey("db1.example", 3306);
    public static final InstanceKey REPLICA = new InstanceKey("db2.example", 3306);
    public static final InstanceKey ERRANT = new InstanceKey("db3.example", 3306);
    public static final InstanceKey UNSEEN = new InstanceKey("lost.example", 3307);
    public static final Cluster MAIN =
            new Cluster(new ClusterId("c-main"), "db1.example:3306", "main", "main.example", PRIMARY);
    public static final Cluster LOST =
            new Cluster(new ClusterId("c-lost"), "lost.example:3307", "lost.example:3307", "", null);

    private static final String UUID = "00000000-0000-0000-0000-00000000000";

    private Fleets() {}

    public static Fleet at(Instant now) {
        FleetMember lost = new FleetMember(
                UNSEEN,
                LOST.id(),
                null,
                null,
                now,
                new ProbeFailure(ProbeFailure.Kind.REFUSED, "connection refused <img src=x onerror=alert(1)>"),
                now.minusSeconds(30),
                Duration.ofMillis(3));
        return Fleet.of(
                List.of(member(primary(), now), member(replica(REPLICA, 2, ""), now), member(errant(), now), lost),
                List.of(MAIN, LOST),
                Map.of(new InstanceKey("10.0.0.1", 3306), PRIMARY));
    }

    private static FleetMember member(Instance instance, Instant now) {
        return new FleetMember(
                instance.key(),
                MAIN.id(),
                instance,
                now.minusSeconds(1),
                now.minusSeconds(1),
                null,
                null,
                Duration.ofMillis(2));
    }

    private static InstanceBuilder server(InstanceKey key, int number) {
        return Instance.builder(key, ServerVersion.parse("8.0.31", "MySQL Community Server - GPL"))
                .serverUuid(UUID + number)
                .serverId(number)
                .versionComment("MySQL Community Server - GPL")
                .uptime(Duration.ofSeconds(77))
                .binlogEnabled(true)
                .logReplicaUpdates(true)
                .binlogFormat("ROW")
                .binlogRowImage("FULL")
                .binlogCoordinates(BinlogCoordinates.parse("mysql-bin.000017:4"))
                .gtidMode("ON")
                .executedGtids(GtidSet.parse(UUID + "1:1-20"));
    }

    private static Instance primary() {
        return server(PRIMARY, 1)
                .replicas(List.of(
                        new KnownReplica(REPLICA, UUID + 2, false),
                        new KnownReplica(new InstanceKey("elsewhere", 3306), null, true)))
                .build();
    }

    private static Instance replica(InstanceKey key, int number, String errant) {
        return server(key, number)
                .readOnly(true)
                .superReadOnly(true)
                .errantGtids(GtidSet.parse(errant))
                .channels(List.of(ReplicationChannel.builder(PRIMARY)
                        .sourceUuid(UUID + 1)
                        .receiver(ReplicationThreadState.RUNNING)
                        .applier(ReplicationThreadState.RUNNING)
                        .autoPosition(true)
                        .lag(Duration.ZERO)
                        .user("repl")
                        .lastReceiverError(number == 3 ? "Übel \"quoted\"" : "")
                        .build()))
                .build();
    }

    private static Instance errant() {
        return replica(ERRANT, 3, UUID + "3:1-2");
    }

    public static FailureAnalysis deadPrimary() {
        return analysis(AnalysisCode.DEAD_PRIMARY, List.of());
    }

    public static FailureAnalysis warning() {
        return warning(StructureWarning.ERRANT_GTID);
    }

    public static FailureAnalysis warning(StructureWarning warning) {
        return analysis(AnalysisCode.NO_PROBLEM, List.of(warning));
    }

    private static FailureAnalysis analysis(AnalysisCode code, List<StructureWarning> warnings) {
        boolean dead = code != AnalysisCode.NO_PROBLEM;
        return new FailureAnalysis(
                code,
                PRIMARY,
                null,
                MAIN.id(),
                true,
                false,
                !dead,
                dead,
                false,
                0,
                new ReplicaCounts(2, 2, dead ? 0 : 2, dead ? 2 : 0, 0, 0, 0, 2, 0, 0, 2, 0, 1),
                List.of(REPLICA, ERRANT),
                warnings,
                List.of("connection refused", "2 of 2 replicas cannot connect to it"));
    }
}
