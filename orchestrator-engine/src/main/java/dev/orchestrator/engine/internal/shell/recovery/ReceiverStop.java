package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.plan.Phases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The first phase: stops the receivers, and reads what was received once they have stopped.
 *
 * <p>A receiver that had a connection is waited for, as long as the configuration allows: it may still receive, and
 * acknowledge. One that is trying to connect receives nothing; stopping it can take seconds while the primary is frozen,
 * so that only a short grace is given to it. The others go on without it, and it is seen to when its stop has ended.
 */
final class ReceiverStop {
    private static final Duration GRACE = Duration.ofMillis(250);
    private static final int READINGS = 4;
    private static final Duration BETWEEN_READINGS = Duration.ofMillis(20);

    private final RecoveryRun run;
    private final Map<InstanceKey, CompletableFuture<StepResult>> stops = new TreeMap<>();

    ReceiverStop(RecoveryRun run) {
        this.run = run;
    }

    /** Stops the receivers of all participants and waits for those that matter. */
    void stop(Fleet before) {
        List<PlanStep> steps =
                run.planner().stopReceivers(before, run.order().participants()).steps();
        List<CompletableFuture<StepResult>> connected = new ArrayList<>();
        List<CompletableFuture<StepResult>> connecting = new ArrayList<>();
        for (PlanStep step : steps) {
            CompletableFuture<StepResult> stop = run.executor().start(Phases.STOP_RECEIVERS, step);
            stops.put(step.instance(), stop);
            boolean matters = receiver(before, step.instance()) == ReplicationThreadState.RUNNING
                    || step.instance().equals(run.order().explicit());
            (matters ? connected : connecting).add(stop);
        }
        Duration patience = run.ports().config().receiverStopTimeout();
        long begun = run.ports().ticker().nanos();
        awaitAll(connected, patience, begun);
        awaitAll(connecting, GRACE, run.ports().ticker().nanos());
        if (!stops.isEmpty() && stops.values().stream().noneMatch(CompletableFuture::isDone)) {
            PlanExecutor.await(
                    CompletableFuture.anyOf(stops.values().toArray(CompletableFuture<?>[]::new)),
                    patience.multipliedBy(2));
        }
        run.mayGoOn();
    }

    private void awaitAll(Collection<CompletableFuture<StepResult>> awaited, Duration patience, long begun) {
        for (CompletableFuture<StepResult> stop : awaited) {
            PlanExecutor.await(stop, patience.minusNanos(run.ports().ticker().nanos() - begun));
        }
    }

    /**
     * Reads what was received. A reading counts once it says itself that the receiver has stopped: then it cannot be
     * older than the stop.
     */
    Fleet read() {
        List<InstanceKey> waited = new ArrayList<>();
        List<InstanceKey> doubtful = new ArrayList<>();
        Fleet current = run.ports().fleet().current();
        for (InstanceKey key : run.order().replicas()) {
            boolean ended = hasEnded(key);
            boolean answered = RecoveryRun.answering(current, key).isPresent();
            if (run.order().leftAlone().containsKey(key) || !ended) {
                doubtful.add(key);
            } else if (answered) {
                waited.add(key);
            }
        }
        Fleet fleet = run.read(waited, doubtful);
        for (int reading = 1; reading < READINGS; reading++) {
            List<InstanceKey> old = notYetStopped(fleet, waited);
            if (old.isEmpty() || !run.pauses().pause(BETWEEN_READINGS)) {
                break;
            }
            fleet = run.read(old, RecoveryRun.READ);
        }
        return fleet;
    }

    private List<InstanceKey> notYetStopped(Fleet fleet, List<InstanceKey> keys) {
        return keys.stream()
                .filter(k -> stopSucceeded(k))
                .filter(k -> {
                    ReplicationThreadState state = receiver(fleet, k);
                    return state == ReplicationThreadState.RUNNING || state == ReplicationThreadState.CONNECTING;
                })
                .toList();
    }

    private boolean stopSucceeded(InstanceKey key) {
        CompletableFuture<StepResult> stop = stops.get(key);
        return stop != null && stop.isDone() && stop.join().done();
    }

    /** Whether nothing is under way on a replica's receiver. */
    boolean hasEnded(InstanceKey key) {
        CompletableFuture<StepResult> stop = stops.get(key);
        return stop == null || stop.isDone();
    }

    /** Waits until a replica's stop has ended. */
    void awaitEnd(InstanceKey key, Duration atMost) {
        CompletableFuture<StepResult> stop = stops.get(key);
        if (stop != null) {
            PlanExecutor.await(stop, atMost);
        }
    }

    /** The replicas whose receivers were told to stop. */
    List<InstanceKey> told() {
        return List.copyOf(stops.keySet());
    }

    private static ReplicationThreadState receiver(Fleet fleet, InstanceKey key) {
        Optional<ReplicationChannel> channel = fleet.instance(key).flatMap(Instance::mainChannel);
        return channel.map(ReplicationChannel::receiver).orElse(ReplicationThreadState.NONE);
    }
}
