package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.fencing.FenceRules;
import dev.orchestrator.engine.internal.core.fencing.FenceStep;
import dev.orchestrator.engine.internal.core.fencing.FenceStep.Deed;
import dev.orchestrator.engine.internal.core.fencing.FenceView;
import dev.orchestrator.engine.internal.core.fencing.Rebuilding;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what {@link FenceRules} want: while this node leads, each fence that is to be carried out has a lane of its own,
 * which waits for the server to come back.
 */
public final class FenceKeeper implements Fences {
    private static final Logger log = LoggerFactory.getLogger(FenceKeeper.class);

    private final FencingPorts ports;
    private final FencingPorts.Pause pause;
    private final Executor threads;
    private final FenceEnding ending;
    private final UnderFence findings;
    private final Map<String, FenceLane> lanes = new ConcurrentHashMap<>();
    // Owned by the tick's thread: the first reading that showed a rebuilding, by fence; and recoveries that have ended.
    private final Map<String, Rebuilding> seen = new HashMap<>();
    private final Map<String, RecoveryRecord> ended = new HashMap<>();

    /**
     * A keeper.
     *
     * @param ports what it reaches out to
     * @param pause pauses that end when the engine closes
     * @param threads a thread for each lane
     */
    public FenceKeeper(FencingPorts ports, FencingPorts.Pause pause, Executor threads) {
        this.ports = ports;
        this.pause = pause;
        this.threads = threads;
        this.ending = new FenceEnding(ports);
        this.findings = new UnderFence(ports.findings());
    }

    @Override
    public void enforce(Fence fence, Authority right) {
        begin(fence, right, new FenceStep(Deed.MAKE_READ_ONLY, "it came back"));
    }

    private void begin(Fence fence, Authority right, FenceStep step) {
        if (fence.serverUuid().isEmpty()) {
            return;
        }
        FenceWriter writer = new FenceWriter(ports, fence, right);
        FenceLane lane = new FenceLane(ports, pause, writer, step.deed(), step.why());
        if (lanes.putIfAbsent(fence.serverUuid(), lane) == null) {
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

    private @Nullable FenceLane stop(String serverUuid) {
        FenceLane lane = lanes.remove(serverUuid);
        if (lane != null) {
            lane.cancel();
        }
        return lane;
    }

    @Override
    public void lift(Fence fence, Authority right, String why) {
        FenceLane lane = stop(fence.serverUuid());
        try {
            new FenceWriter(ports, fence, right).remember(FenceState.LIFTED, why);
        } catch (OrchestratorException e) {
            log.atError()
                    .addKeyValue("instance", fence.instance())
                    .setCause(e)
                    .log(
                            "a fence cannot be lifted in the backend; it holds until its recovery is known to have promoted"
                                    + " nobody");
            return;
        }
        if (lane != null) {
            lane.undo();
        }
    }

    @Override
    public boolean release(String serverUuid, Authority right, String why) {
        stop(serverUuid);
        return ports.fences().standing().stream()
                .filter(f -> f.serverUuid().equals(serverUuid))
                .allMatch(f -> ports.fences().update(f, FenceState.LIFTED, why, right.right()));
    }

    /**
     * Looks at all fences of the backend. Told now and then while this node leads.
     *
     * @throws OrchestratorException when the backend does not answer
     */
    public void tick() {
        if (ports.leadership().held().isEmpty() || ports.observeOnly()) {
            return;
        }
        List<Fence> fences = ports.fences().standing();
        lanes.forEach((uuid, lane) -> {
            if (lane.isLifted(fences)) {
                lane.cancel();
                lanes.remove(uuid, lane);
            }
        });
        seen.keySet().removeIf(name -> fences.stream().noneMatch(f -> name(f).equals(name)));
        ended.keySet()
                .removeIf(uid -> fences.stream().noneMatch(f -> f.recoveryUid().equals(uid)));
        Fleet fleet = ports.fleet().current();
        for (Fence fence : fences) {
            look(new FenceView(fence, fleet, recovery(fence)));
        }
    }

    /** A recovery that has ended is read once: what matters of it does not change any more. */
    private @Nullable RecoveryRecord recovery(Fence fence) {
        RecoveryRecord known = ended.get(fence.recoveryUid());
        if (known != null) {
            return known;
        }
        RecoveryRecord read = ports.recoveries().find(RecoveryFilter.byUid(fence.recoveryUid())).stream()
                .findFirst()
                .orElse(null);
        if (read != null && !read.isActive()) {
            ended.put(read.uid(), read);
        }
        return read;
    }

    private static String name(Fence fence) {
        return fence.serverUuid() + " " + fence.recoveryUid();
    }

    private void look(FenceView view) {
        Fence fence = view.fence();
        Rebuilding now = Rebuilding.in(view);
        FenceStep step = FenceRules.next(view, now, seen.get(name(fence)), ports.pollInterval());
        if (now.isSeen()) {
            seen.putIfAbsent(name(fence), now);
            stop(fence.serverUuid());
        } else {
            seen.remove(name(fence));
        }
        findings.explain(view, now);
        if (lanes.containsKey(fence.serverUuid())) {
            return;
        }
        switch (step.deed()) {
            case MAKE_READ_ONLY, COMPARE -> enforceIfItStands(fence, step);
            case LIFT -> new FenceWriter(ports, fence, Authority.none()).remember(FenceState.LIFTED, step.why());
            case END -> {
                if (ending.end(view)) {
                    seen.remove(name(fence));
                }
            }
            case NOTHING -> {}
        }
    }

    /** Whoever promotes a server frees it from its fence first: only a fence that still stands now is to be enforced. */
    private void enforceIfItStands(Fence fence, FenceStep step) {
        boolean stands = ports.fences().standing().stream()
                .anyMatch(f -> f.isSameOrder(fence) && f.since().equals(fence.since()));
        if (stands) {
            begin(fence, Authority.none(), step);
        }
    }
}
