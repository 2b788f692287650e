package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.candidate.Lineage;
import dev.orchestrator.engine.internal.core.plan.Phases;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Lets the other replicas replicate from the new primary, side by side. Only the receiver is touched: what was received
 * and is not applied yet survives, and a delayed replica stays delayed. A replica that holds transactions of the failed
 * primary which the new one does not have is left alone and reported: following would hide them.
 */
final class Repointing {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(6);
    private static final Duration RUNNING_PATIENCE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final RecoveryRun run;
    private final ReceiverStop stops;
    private final Instance primary;

    Repointing(RecoveryRun run, ReceiverStop stops, Instance primary) {
        this.run = run;
        this.stops = stops;
        this.primary = primary;
    }

    /** What became of one replica. */
    record Outcome(InstanceKey replica, boolean follows, String why) {}

    /** Repoints all; waits for all. */
    List<Outcome> all() {
        List<CompletableFuture<Outcome>> running = run.others(primary.key()).stream()
                .map(key -> CompletableFuture.supplyAsync(() -> contained(key), run.threads()))
                .toList();
        return running.stream().map(CompletableFuture::join).toList();
    }

    private Outcome contained(InstanceKey key) {
        try {
            Outcome outcome = one(key);
            if (!outcome.follows()) {
                run.log().skipped(Phases.REPOINT, key, "replicate from " + primary.key(), outcome.why());
            }
            return outcome;
        } catch (RuntimeException e) {
            return new Outcome(key, false, "failed: " + e);
        }
    }

    private Outcome one(InstanceKey key) {
        String leftAlone = run.order().leftAlone().get(key);
        if (leftAlone != null) {
            return new Outcome(key, false, leftAlone);
        }
        stops.awaitEnd(key, STOP_PATIENCE);
        Fleet fleet = run.ports().fleet().current();
        if (!hasStopped(fleet, key)) {
            // Its stop took longer than the choice, or it answers again: only a reading after its stop says what it
            // holds.
            fleet = run.read(List.of(key), RecoveryRun.READ);
            fleet = stopped(fleet, key);
        }
        Optional<Instance> replica = RecoveryRun.answering(fleet, key);
        if (replica.isEmpty()) {
            return new Outcome(key, false, "does not answer");
        }
        Fleet seen = fleet;
        if (replica.get().mainChannel().filter(c -> follows(seen, c)).isPresent()) {
            return new Outcome(key, true, "");
        }
        if (!replica.get().usesOracleGtid()) {
            return new Outcome(key, false, "does not replicate by GTID auto-position");
        }
        GtidSet ahead =
                new Lineage(fleet, run.order().failed()).received(replica.get()).minus(primary.executedGtids());
        if (!ahead.isEmpty()) {
            return new Outcome(
                    key,
                    false,
                    "holds transactions of " + run.order().failed() + " that " + primary.key() + " does not have: "
                            + ahead);
        }
        return follow(replica.get());
    }

    private Fleet stopped(Fleet fleet, InstanceKey key) {
        boolean followsAlready = RecoveryRun.answering(fleet, key)
                .flatMap(Instance::mainChannel)
                .filter(c -> follows(fleet, c))
                .isPresent();
        List<PlanStep> steps = run.planner().stopReceivers(fleet, List.of(key)).steps();
        if (followsAlready || steps.isEmpty()) {
            return fleet;
        }
        steps.forEach(s -> run.executor().perform(Phases.REPOINT, s));
        return run.read(List.of(key), RecoveryRun.READ);
    }

    private static boolean hasStopped(Fleet fleet, InstanceKey key) {
        return RecoveryRun.answering(fleet, key)
                .flatMap(Instance::mainChannel)
                .filter(c -> c.receiver() == ReplicationThreadState.STOPPED)
                .isPresent();
    }

    private Outcome follow(Instance replica) {
        for (Stage stage : run.planner().repoint(Phases.REPOINT, replica, primary.key())) {
            StepResult result = run.executor().perform(stage).get(0);
            if (!result.done()) {
                return new Outcome(replica.key(), false, result.inWords());
            }
        }
        RunLog.Running step =
                run.log().begin(Phases.VERIFY, replica.key(), "read back that it replicates from " + primary.key());
        String seen = awaitRunning(replica.key());
        if (seen.isEmpty()) {
            step.done("");
            return new Outcome(replica.key(), true, "");
        }
        step.failed(seen);
        return new Outcome(replica.key(), false, seen);
    }

    /** Empty when it replicates from the new primary, else what it says instead. */
    private String awaitRunning(InstanceKey key) {
        long begun = run.ports().ticker().nanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            Fleet fleet = run.read(List.of(key), RecoveryRun.READ);
            Optional<ReplicationChannel> channel =
                    RecoveryRun.answering(fleet, key).flatMap(Instance::mainChannel);
            if (channel.filter(c -> follows(fleet, c)).isPresent()) {
                return "";
            }
            if (run.ports().ticker().nanos() - begun > RUNNING_PATIENCE.toNanos()) {
                return channel.map(c ->
                                "its receiver is " + c.receiver() + " from " + c.source() + " " + c.lastReceiverError())
                        .orElse("does not answer");
            }
            run.pauses().rest(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private boolean follows(Fleet fleet, ReplicationChannel channel) {
        boolean source = fleet.canonical(channel.source()).equals(primary.key())
                || (!primary.serverUuid().isEmpty() && primary.serverUuid().equals(channel.sourceUuid()));
        return source && channel.receiver() == ReplicationThreadState.RUNNING;
    }
}
