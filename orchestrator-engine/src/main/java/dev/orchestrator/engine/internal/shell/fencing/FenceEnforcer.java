package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.fencing.FenceEffect;
import dev.orchestrator.engine.internal.core.fencing.FenceEvent;
import dev.orchestrator.engine.internal.core.fencing.FenceView;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Has each fence carried out on its own, and tells all of them what the backend and the snapshot say of them. */
public final class FenceEnforcer implements Fences, AutoCloseable {
    private static final Duration LIFTING = Duration.ofSeconds(10);
    private static final int RELEASES = 3;
    private static final Duration IN_FLIGHT = Duration.ofSeconds(2);

    private final RecoveryPorts ports;
    private final FencedRecoveries recoveries;
    private final Executor threads;
    private final Map<String, FenceRun> runs = new ConcurrentHashMap<>();
    // Owned by the tick's thread: recoveries that have ended.
    private final Map<String, RecoveryRecord> ended = new HashMap<>();
    private volatile boolean closed;

    /**
     * A keeper.
     *
     * @param ports what it reaches out to
     * @param recoveries told of what fences find out
     * @param threads for what goes on side by side
     */
    public FenceEnforcer(RecoveryPorts ports, FencedRecoveries recoveries, Executor threads) {
        this.ports = ports;
        this.recoveries = recoveries;
        this.threads = threads;
    }

    /** Tells a fence something, which keeps it from being forgotten before it has heard it. */
    private FenceRun tell(Fence fence, @Nullable Authority right, Function<Moment, FenceEvent> event) {
        return runs.compute(name(fence), (name, known) -> {
            FenceRun run = known == null ? new FenceRun(ports, recoveries, threads, fence) : known;
            if (right != null) {
                run.under(right);
            }
            if (closed) {
                run.tell(FenceEvent.Closed::new);
            }
            run.tell(event);
            return run;
        });
    }

    /** One server at a time has one order; a later recovery's is another fence. */
    private static String name(Fence fence) {
        return fence.serverUuid() + " " + fence.recoveryUid();
    }

    @Override
    public void enforce(Fence fence, Authority right) {
        if (!fence.serverUuid().isEmpty()) {
            tell(fence, right, at -> new FenceEvent.Ordered(fence, at));
        }
    }

    @Override
    public void lift(Fence fence, Authority right, String why) {
        FenceRun run = tell(fence, right, at -> new FenceEvent.LiftAsked(why, at));
        run.await(state -> !state.isLifting(), LIFTING);
    }

    @Override
    public boolean release(String serverUuid, Authority right, String why) {
        List<FenceRun> free = runs.entrySet().stream()
                .filter(e -> e.getKey().startsWith(serverUuid + " "))
                .map(Map.Entry::getValue)
                .toList();
        free.forEach(run -> run.tell(FenceEvent.Released::new));
        // A command that came after the promotion would make the new primary read-only.
        free.forEach(run -> run.await(state -> !state.isUnderWay(FenceEffect.Send.class), IN_FLIGHT));
        // What the leader lifts by rule in the same moment is lifted all the same.
        for (int attempt = 1; attempt < RELEASES; attempt++) {
            if (writeReleased(serverUuid, right, why)) {
                return true;
            }
        }
        return writeReleased(serverUuid, right, why);
    }

    private boolean writeReleased(String serverUuid, Authority right, String why) {
        return ports.fences().standing().stream()
                .filter(f -> f.serverUuid().equals(serverUuid))
                .allMatch(f -> ports.fences().update(f, FenceState.LIFTED, why, right.right()));
    }

    @Override
    public void withdraw(Authority right) {
        List<FenceRun> ordered =
                runs.values().stream().filter(run -> run.withdraw(right)).toList();
        ordered.forEach(run -> run.await(state -> !state.isUnderWay(FenceEffect.Send.class), IN_FLIGHT));
    }

    /**
     * Looks at all fences of the backend. Told now and then while this node leads.
     *
     * @throws OrchestratorException when the backend does not answer
     */
    public void tick() {
        if (ports.leadership().held().isEmpty() || ports.config().observeOnly()) {
            return;
        }
        List<Fence> fences = ports.fences().standing();
        Set<String> standing = new HashSet<>();
        fences.forEach(f -> standing.add(name(f)));
        runs.keySet().stream()
                .filter(name -> !standing.contains(name))
                .forEach(name -> runs.computeIfPresent(name, (n, run) -> run.isIdle() ? null : run));
        runs.values().forEach(run -> run.tell(at -> new FenceEvent.Standing(fences, at)));
        ended.keySet()
                .removeIf(uid -> fences.stream().noneMatch(f -> f.recoveryUid().equals(uid)));
        Fleet fleet = ports.fleet().current();
        for (Fence fence : fences) {
            FenceView view = new FenceView(fence, fleet, recovery(fence));
            tell(fence, null, at -> new FenceEvent.Seen(view, at));
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

    /** Begins nothing new but what is asked for from now on. */
    @Override
    public void close() {
        closed = true;
        runs.values().forEach(run -> run.tell(FenceEvent.Closed::new));
    }
}
