package dev.orchestrator.engine.internal.core.simulation;

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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cluster that exists nowhere, whose primary is dead: for running a whole recovery once before the first real one. */
public final class RehearsalCluster {
    /** The dead primary. */
    public static final InstanceKey PRIMARY = new InstanceKey("warm-up.invalid", 1);

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
}
