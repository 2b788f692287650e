package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.spi.Right;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps former primaries from being written: while this node leads, each fence of the backend that has not been carried
 * out has a lane of its own, which waits for the server to come back. A server that was fenced and is found writable
 * again is fenced again, until it replicates from the cluster it belongs to or somebody lifts the fence.
 */
final class FenceKeeper implements Fences {
    private static final Logger log = LoggerFactory.getLogger(FenceKeeper.class);

    private final RecoveryPorts ports;
    private final Keepers keepers;
    private final Pauses pauses;
    private final Executor threads;
    private final Map<String, FenceLane> lanes = new ConcurrentHashMap<>();

    FenceKeeper(RecoveryPorts ports, Keepers keepers, Pauses pauses, Executor threads) {
        this.keepers = keepers;
        this.ports = ports;
        this.pauses = pauses;
        this.threads = threads;
    }

    @Override
    public void enforce(Fence fence, Authority right) {
        if (fence.serverUuid().isEmpty()) {
            return;
        }
        FenceLane lane = new FenceLane(ports, keepers, pauses, fence, () -> right(right), () -> writing(right));
        FenceLane running = lanes.putIfAbsent(fence.serverUuid(), lane);
        if (running == null) {
            start(lane, fence.serverUuid());
        }
    }

    private void start(FenceLane lane, String uuid) {
        try {
            threads.execute(() -> {
                try {
                    lane.run();
                } finally {
                    lanes.remove(uuid, lane);
                }
            });
        } catch (RejectedExecutionException e) {
            lanes.remove(uuid, lane);
            log.atInfo().addKeyValue("server", uuid).log("closing: the next leader enforces this fence");
        }
    }

    /** The leader's right where there is one, else that of the operation. */
    private long right(Authority operation) {
        return ports.leadership().held().map(h -> h.deadlineNanos()).orElseGet(operation::check);
    }

    private Right writing(Authority operation) {
        return ports.leadership()
                .held()
                .<Right>map(h -> new Right.UnderLease(h.lease()))
                .orElseGet(operation::right);
    }

    @Override
    public void lift(Fence fence, Authority right, String why) {
        FenceLane lane = lanes.remove(fence.serverUuid());
        if (lane != null) {
            lane.cancel();
        }
        try {
            ports.fences().update(fence, FenceState.LIFTED, why, writing(right));
        } catch (OrchestratorException e) {
            log.atError()
                    .addKeyValue("instance", fence.instance())
                    .setCause(e)
                    .log("a fence cannot be lifted in the backend; the server will be kept read-only");
            return;
        }
        if (lane != null) {
            lane.undo();
        }
    }

    @Override
    public boolean release(String serverUuid, Authority right, String why) {
        FenceLane lane = lanes.remove(serverUuid);
        if (lane != null) {
            lane.cancel();
        }
        return ports.fences().standing().stream()
                .filter(f -> f.serverUuid().equals(serverUuid))
                .allMatch(f -> ports.fences().update(f, FenceState.LIFTED, why, right.right()));
    }

    /**
     * Looks at all fences of the backend. Told now and then while this node leads.
     *
     * @throws OrchestratorException when the backend does not answer
     */
    void tick() {
        if (ports.leadership().held().isEmpty() || ports.config().observeOnly()) {
            return;
        }
        List<Fence> fences = ports.fences().standing();
        lanes.forEach((uuid, lane) -> {
            if (lane.isLifted(fences)) {
                lane.cancel();
                lanes.remove(uuid, lane);
            }
        });
        if (fences.isEmpty()) {
            return;
        }
        Fleet fleet = ports.fleet().current();
        Authority none = Authority.none();
        Set<String> undecided = undecided(fences);
        for (Fence fence : fences) {
            if (lanes.containsKey(fence.serverUuid()) || undecided.contains(fence.recoveryUid())) {
                continue;
            }
            Optional<Instance> server = fleet.memberByUuid(fence.serverUuid())
                    .filter(FleetMember::isReachable)
                    .flatMap(FleetMember::facts);
            if (fence.state() == FenceState.PENDING || fence.state() == FenceState.FENCED) {
                enforce(fence, none);
            } else if (server.filter(Instance::isWritable).isPresent()) {
                fenceAgain(fence);
            } else if (server.filter(i -> rejoined(fleet, i)).isPresent()) {
                ports.fences().update(fence, FenceState.LIFTED, "it is a replica again", writing(none));
            }
        }
    }

    /** Whoever promotes a server frees it from its fence first: only a fence that still stands now is to be enforced. */
    private void fenceAgain(Fence fence) {
        boolean stands = ports.fences().standing().stream()
                .anyMatch(f ->
                        f.serverUuid().equals(fence.serverUuid()) && f.since().equals(fence.since()));
        if (stands) {
            enforce(pending(fence), Authority.none());
        }
    }

    private static Fence pending(Fence f) {
        return new Fence(
                f.serverUuid(),
                f.instance(),
                f.cluster(),
                f.successor(),
                f.recoveryUid(),
                FenceState.PENDING,
                f.note(),
                f.since());
    }

    /** A recovery that is under way may still be given up: whoever runs it, or takes it over, sees to its fence. */
    private Set<String> undecided(List<Fence> fences) {
        if (fences.stream().allMatch(f -> f.state() != FenceState.PENDING || lanes.containsKey(f.serverUuid()))) {
            return Set.of();
        }
        return ports.recoveries().find(RecoveryFilter.active()).stream()
                .map(RecoveryRecord::uid)
                .collect(Collectors.toSet());
    }

    /** Read-only, and a replica of somebody of its own cluster. */
    private static boolean rejoined(Fleet fleet, Instance instance) {
        Optional<FleetMember> member = fleet.member(instance.key());
        return instance.readOnly()
                && member.flatMap(fleet::sourceOf)
                        .filter(s -> s.cluster().equals(member.get().cluster()))
                        .isPresent();
    }
}
