package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.MaintenanceLocks;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.engine.internal.shell.discovery.FleetView;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.IntentStore;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.LockStore.LockInfo;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.SentinelListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that exists nowhere: a dead primary and two replicas that do what they are told, and a backend that agrees to
 * everything and remembers nothing. Thread-safe.
 */
final class RehearsalStage implements InstanceGateway, FleetView, RecoveryStore, IntentStore, MaintenanceLocks {
    static final InstanceKey PRIMARY = new InstanceKey("rehearsal.invalid", 1);
    private static final ClusterId CLUSTER = new ClusterId("rehearsal");
    private static final GtidSet GTIDS = GtidSet.parse("00000000-0000-0000-0000-000000000001:1-10");
    private static final ServerVersion VERSION = ServerVersion.parse("8.0.0", "");
    private final Instant now;
    // Guarded by the monitor.
    private final Map<InstanceKey, Instance> replicas = new TreeMap<>();

    RehearsalStage(Instant now) {
        this.now = now;
        for (int n = 2; n <= 3; n++) {
            InstanceKey key = new InstanceKey("rehearsal.invalid", n);
            replicas.put(key, replica(key, n, PRIMARY, ReplicationThreadState.CONNECTING, GtidSet.empty()));
        }
    }

    private static Instance replica(
            InstanceKey key, int n, InstanceKey source, ReplicationThreadState receiver, GtidSet executed) {
        return Instance.builder(key, VERSION)
                .serverUuid("00000000-0000-0000-0000-00000000000" + n)
                .readOnly(true)
                .binlogEnabled(true)
                .logReplicaUpdates(true)
                .binlogFormat("ROW")
                .executedGtids(executed)
                .channels(List.of(ReplicationChannel.builder(source)
                        .autoPosition(true)
                        .receiver(receiver)
                        .applier(ReplicationThreadState.RUNNING)
                        .retrievedGtids(GTIDS)
                        .build()))
                .build();
    }

    @Override
    public synchronized boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        replicas.computeIfPresent(key, (k, instance) -> after(instance, command));
        return true;
    }

    private static Instance after(Instance before, InstanceCommand command) {
        Instance.Builder after = before.toBuilder();
        if (command instanceof InstanceCommand.SetReadOnly set) {
            return after.readOnly(set.readOnly()).build();
        }
        if (command instanceof InstanceCommand.ResetReplication) {
            return after.channels(List.of()).build();
        }
        if (command instanceof InstanceCommand.AwaitExecuted await) {
            return after.executedGtids(await.gtids()).build();
        }
        ReplicationChannel channel = before.mainChannel().orElseThrow();
        if (command instanceof InstanceCommand.StopReceiver) {
            channel =
                    channel.toBuilder().receiver(ReplicationThreadState.STOPPED).build();
        } else if (command instanceof InstanceCommand.Repoint repoint) {
            channel = ReplicationChannel.builder(repoint.source())
                    .autoPosition(true)
                    .receiver(ReplicationThreadState.STOPPED)
                    .applier(ReplicationThreadState.RUNNING)
                    .retrievedGtids(GTIDS)
                    .build();
        } else if (command instanceof InstanceCommand.StartReceiver) {
            channel =
                    channel.toBuilder().receiver(ReplicationThreadState.RUNNING).build();
        }
        return after.channels(List.of(channel)).build();
    }

    @Override
    public synchronized Fleet current() {
        ProbeFailure refused = new ProbeFailure(ProbeFailure.Kind.REFUSED, "rehearsal");
        Instance former = Instance.builder(PRIMARY, VERSION)
                .serverUuid("00000000-0000-0000-0000-000000000001")
                .executedGtids(GTIDS)
                .build();
        List<FleetMember> members = new ArrayList<>(
                List.of(new FleetMember(PRIMARY, CLUSTER, former, now, now, refused, now, Duration.ZERO)));
        replicas.values()
                .forEach(i -> members.add(new FleetMember(i.key(), CLUSTER, i, now, now, null, null, Duration.ZERO)));
        return Fleet.of(members, List.of(new Cluster(CLUSTER, "rehearsal", "rehearsal", "", PRIMARY)), Map.of());
    }

    @Override
    public Fleet refresh(Collection<InstanceKey> keys, Duration deadline) {
        return current();
    }

    @Override
    public void suspect(InstanceKey key, String sign) {}

    @Override
    public Observation probe(InstanceKey key, Duration deadline) {
        return new Observation.Failed(
                key, new ProbeFailure(ProbeFailure.Kind.REFUSED, "rehearsal"), now, Duration.ZERO);
    }

    @Override
    public Watch watch(InstanceKey key, SentinelListener listener) {
        return () -> {};
    }

    @Override
    public void release(InstanceKey key) {}

    @Override
    public void close() {}

    @Override
    public Registration register(RecoveryRecord recovery, @Nullable Lease lease) {
        return new Registration(Registration.Outcome.REGISTERED, null);
    }

    @Override
    public boolean update(RecoveryRecord recovery, @Nullable Lease lease) {
        return true;
    }

    @Override
    public void saveStep(RecoveryStepRecord step) {}

    @Override
    public List<RecoveryRecord> find(Filter filter) {
        return List.of();
    }

    @Override
    public List<RecoveryStepRecord> steps(String uid) {
        return List.of();
    }

    @Override
    public Optional<RecoveryRecord> blocking(ClusterId cluster, Duration period) {
        return Optional.empty();
    }

    @Override
    public Optional<RecoveryRecord> blockingIntermediate(InstanceKey failed, Duration period) {
        return Optional.empty();
    }

    @Override
    public int acknowledge(Filter filter, Actor by, String comment) {
        return 0;
    }

    @Override
    public int purge(Duration age) {
        return 0;
    }

    @Override
    public Intents read() {
        return Intents.NONE;
    }

    @Override
    public void beginDowntime(InstanceKey instance, Actor owner, String reason, Duration duration) {}

    @Override
    public boolean endDowntime(InstanceKey instance) {
        return false;
    }

    @Override
    public void setPromotionRule(InstanceKey instance, PromotionRule rule, Duration duration) {}

    @Override
    public void setRecoveriesEnabled(boolean enabled, Actor by) {}

    @Override
    public void setClusterAlias(ClusterId cluster, String alias) {}

    @Override
    public void addFence(Fence fence) {}

    @Override
    public void updateFence(String serverUuid, FenceState state, String note) {}

    @Override
    public MaintenanceLock acquire(LockRequest request, Actor owner, String reason) {
        throw new UnsupportedOperationException("a rehearsal locks nothing");
    }

    @Override
    public LockInfo begin(InstanceKey instance, Actor owner, String reason, Duration duration) {
        throw new UnsupportedOperationException("a rehearsal locks nothing");
    }

    @Override
    public Optional<LockInfo> end(InstanceKey instance, Actor by) {
        return Optional.empty();
    }

    @Override
    public Optional<LockInfo> find(InstanceKey instance) {
        return Optional.empty();
    }

    @Override
    public List<LockInfo> active() {
        return List.of();
    }
}
