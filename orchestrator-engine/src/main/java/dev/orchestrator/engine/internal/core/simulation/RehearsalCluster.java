package dev.orchestrator.engine.internal.core.simulation;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cluster that exists nowhere, whose primary is dead: for running a whole recovery once before the first real one. */
public final class RehearsalCluster {
    /** The dead primary. */
    public static final InstanceKey PRIMARY = new InstanceKey("warm-up.invalid", 1);

    private static final String NOBODY = "rehearsal";
    private static final ClusterId CLUSTER = new ClusterId("warm-up");
    private static final GtidSet GTIDS = GtidSet.parse("00000000-0000-0000-0000-000000000001:1-10");
    private static final ServerVersion VERSION = ServerVersion.parse("8.0.0", "");

    private RehearsalCluster() {}

    /**
     * The cluster just after its primary's death.
     *
     * @param now when that is
     * @return a primary that refuses connections, and two replicas that hold all it had
     */
    public static Fleet at(Instant now) {
        ProbeFailure refused = new ProbeFailure(ProbeFailure.Kind.REFUSED, "warm-up");
        Instance former = Instance.builder(PRIMARY, VERSION)
                .serverUuid("00000000-0000-0000-0000-000000000001")
                .executedGtids(GTIDS)
                .build();
        List<FleetMember> members = new ArrayList<>(
                List.of(new FleetMember(PRIMARY, CLUSTER, former, now, now, refused, now, Duration.ZERO)));
        for (int n = 2; n <= 3; n++) {
            Instance replica = replica(n);
            members.add(new FleetMember(replica.key(), CLUSTER, replica, now, now, null, null, Duration.ZERO));
        }
        return Fleet.of(members, List.of(new Cluster(CLUSTER, "warm-up", "warm-up", "", PRIMARY)), Map.of());
    }

    private static Instance replica(int n) {
        return Instance.builder(new InstanceKey("warm-up.invalid", n), VERSION)
                .serverUuid("00000000-0000-0000-0000-00000000000" + n)
                .readOnly(true)
                .binlogEnabled(true)
                .logReplicaUpdates(true)
                .binlogFormat("ROW")
                .channels(List.of(ReplicationChannel.builder(PRIMARY)
                        .autoPosition(true)
                        .receiver(ReplicationThreadState.CONNECTING)
                        .applier(ReplicationThreadState.RUNNING)
                        .retrievedGtids(GTIDS)
                        .build()))
                .build();
    }

    /**
     * A right that nobody has: whatever is written under it is refused.
     *
     * @return that of a lease that was never granted
     */
    public static Right noRight() {
        return new Right.UnderLease(new Lease(NOBODY, NOBODY, NOBODY, 0, Duration.ofSeconds(1)));
    }

    /**
     * A recovery of a cluster that does not exist.
     *
     * @param actor who would begin it
     * @param now when
     * @return its record
     */
    public static RecoveryRecord record(Actor actor, Instant now) {
        InstanceKey nowhere = new InstanceKey(NOBODY + ".invalid", InstanceKey.DEFAULT_PORT);
        return RecoveryRecord.builder(NOBODY, new ClusterId(NOBODY), AnalysisCode.DEAD_PRIMARY, nowhere, actor, now)
                .build();
    }

    /**
     * A fence that belongs to it.
     *
     * @param record the recovery
     * @return an order for its failed server
     */
    public static Fence fence(RecoveryRecord record) {
        return new Fence(
                NOBODY,
                record.failed(),
                record.cluster(),
                record.failed(),
                record.uid(),
                FenceState.PENDING,
                "",
                record.startedAt());
    }
}
