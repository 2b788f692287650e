package dev.orchestrator.engine.internal.shell.recovery;

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
import dev.orchestrator.engine.internal.core.procedure.Terms;
import dev.orchestrator.engine.internal.core.recovery.Preview;
import dev.orchestrator.engine.internal.core.recovery.Procedures;
import dev.orchestrator.engine.internal.core.recovery.Scope;
import dev.orchestrator.engine.internal.shell.execution.DryRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Runs a whole recovery once, dry, when a process starts: the first failover of a process is usually its only one, and
 * loading and linking all that it needs would cost the outage a quarter of a second. Touches no server and no backend,
 * tells nobody.
 */
final class WarmUp {
    static final InstanceKey PRIMARY = new InstanceKey("warm-up.invalid", 1);
    private static final ClusterId CLUSTER = new ClusterId("warm-up");
    private static final GtidSet GTIDS = GtidSet.parse("00000000-0000-0000-0000-000000000001:1-10");
    private static final ServerVersion VERSION = ServerVersion.parse("8.0.0", "");

    private final RecoveryPorts ports;
    private final Executor threads;

    WarmUp(RecoveryPorts ports, Executor threads) {
        this.ports = ports;
        this.threads = threads;
    }

    /** Runs it; whether it came to its happy end. */
    boolean run() {
        Fleet fleet = fleet(ports.clock().instant());
        Terms terms = Scope.of(fleet, PRIMARY, Map.of(), Map.of(), null, true, ports.config());
        Preview preview = Preview.of(
                "warm up", Procedures.deadPrimary(), terms, fleet, ports.clock().instant());
        return preview.result().succeeded()
                && new DryRunner(ports.clock(), ports.ticker(), threads).run(Procedures.deadPrimary(), preview.begin());
    }

    private static Fleet fleet(Instant now) {
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
