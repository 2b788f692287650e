package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.plan.Phases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings the chosen replica to hold and to have executed all that was received: by another replica, where only that one
 * received it, and by its own applier. Ends only when a reading taken after its receiver has stopped proves it.
 */
final class Drain {
    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final Duration SAFETY = Duration.ofMillis(200);
    private static final Duration BEFORE_RETRY = Duration.ofMillis(50);

    /** A candidate that makes no progress for this long gives way to another one that has received as much. */
    private static final Duration STALL = Duration.ofSeconds(3);

    private final RecoveryRun run;

    Drain(RecoveryRun run) {
        this.run = run;
    }

    /**
     * Brings the chosen replica so far that it can be promoted.
     *
     * @param fleet the picture the choice was made on
     * @param choice the choice
     * @param alternatives whether somebody else could be promoted without being brought anything
     * @return the chosen replica as it was read at the end
     */
    Instance complete(Fleet fleet, Choice choice, boolean alternatives) {
        InstanceKey key = Objects.requireNonNull(choice.chosen());
        Instance chosen = fleet.instance(key).orElseThrow();
        GtidSet target = choice.target().union(chosen.receivedGtids());
        InstanceKey source = choice.catchUpFrom();
        if (source == null && target.isSubsetOf(chosen.executedGtids())) {
            run.log().note(Phases.DRAIN, key, "everything received is executed already");
            return chosen;
        }
        if (source != null) {
            beginCatchUp(chosen, fleet.instance(source).orElseThrow());
        }
        run.planner()
                .startApplier(Phases.DRAIN, chosen)
                .ifPresent(s -> run.executor().perform(Phases.DRAIN, s));
        await(chosen, target, source, alternatives);
        return verified(chosen, target, source != null);
    }

    private void beginCatchUp(Instance chosen, Instance source) {
        run.planner()
                .startApplier(Phases.CATCH_UP, source)
                .ifPresent(s -> run.executor().perform(Phases.CATCH_UP, s));
        for (Stage stage : run.planner().repoint(Phases.CATCH_UP, chosen, source.key())) {
            StepResult result = run.executor().perform(stage).get(0);
            run.mayGoOn();
            if (!result.done()) {
                throw new CandidateFailed(
                        chosen.key(), true, "cannot be caught up from " + source.key() + ": " + result.inWords());
            }
        }
    }

    private void await(Instance chosen, GtidSet target, @Nullable InstanceKey source, boolean alternatives) {
        String phase = source == null ? Phases.DRAIN : Phases.CATCH_UP;
        long begun = run.ports().ticker().nanos();
        Progress progress = new Progress(chosen.executedGtids(), begun);
        RunLog.Running step = run.log()
                .begin(
                        phase,
                        chosen.key(),
                        "wait until it has executed all that was received, "
                                + target.minus(chosen.executedGtids()).count() + " transactions"
                                + (source == null ? "" : ", with the help of " + source));
        try {
            while (!slice(chosen, target, begun)) {
                look(chosen, target, source, progress, alternatives);
                step.progress(target.minus(progress.executed).count() + " transactions left");
            }
            step.done("");
        } catch (RecoveryAborted | CandidateFailed e) {
            step.failed(Objects.requireNonNullElse(e.getMessage(), ""));
            throw e;
        }
    }

    /** One wait, within the right to act. */
    private boolean slice(Instance chosen, GtidSet target, long begun) {
        run.mayGoOn();
        Duration left = run.ports()
                .config()
                .drainTimeout()
                .minusNanos(run.ports().ticker().nanos() - begun);
        if (left.isNegative() || left.isZero()) {
            throw new RecoveryAborted(chosen.key() + " has not executed all it received within "
                    + run.ports().config().drainTimeout().toSeconds() + " s");
        }
        Duration certain = run.executor().certainFor().minus(SAFETY);
        Duration time = shortest(SLICE, left, certain.isNegative() ? Duration.ofMillis(1) : certain);
        StepResult result = run.executor().attempt(run.planner().await(chosen, target, time));
        run.mayGoOn();
        if (result.failedWith(ErrorCode.COMMAND_FAILED)) {
            throw new CandidateFailed(chosen.key(), true, result.inWords());
        }
        if (result.failed() && !run.pauses().pause(BEFORE_RETRY)) {
            run.mayGoOn();
        }
        return result.done();
    }

    /** Between two waits: whether waiting still makes sense. */
    private void look(
            Instance chosen, GtidSet target, @Nullable InstanceKey source, Progress progress, boolean alternatives) {
        List<InstanceKey> keys = new ArrayList<>(List.of(chosen.key()));
        if (source != null) {
            keys.add(source);
        }
        Fleet fleet = run.read(keys, List.of(run.order().failed()));
        if (RecoveryRun.answering(fleet, run.order().failed()).isPresent()) {
            throw new RecoveryAborted(run.order().failed() + " answers again");
        }
        Optional<Instance> now = RecoveryRun.answering(fleet, chosen.key());
        if (now.isEmpty()) {
            throw new CandidateFailed(chosen.key(), true, "does not answer any more");
        }
        if (source != null && RecoveryRun.answering(fleet, source).isEmpty()) {
            throw new CandidateFailed(chosen.key(), false, source + ", which it was to catch up from, is gone");
        }
        Optional<ReplicationChannel> channel = now.get().mainChannel();
        if (channel.filter(c -> c.lastApplierErrno() != 0 && c.applier() != ReplicationThreadState.RUNNING)
                .isPresent()) {
            throw new CandidateFailed(
                    chosen.key(),
                    true,
                    "its applier broke: " + channel.get().lastApplierErrno() + " "
                            + channel.get().lastApplierError());
        }
        long nanos = run.ports().ticker().nanos();
        if (!now.get().executedGtids().equals(progress.executed)) {
            progress.executed = now.get().executedGtids();
            progress.since = nanos;
        } else if (alternatives && nanos - progress.since > STALL.toNanos()) {
            throw new CandidateFailed(
                    chosen.key(),
                    true,
                    "its applier stands still, "
                            + target.minus(progress.executed).count()
                            + " transactions before the end, and another replica has received as much");
        }
    }

    private Instance verified(Instance chosen, GtidSet target, boolean caughtUp) {
        if (caughtUp) {
            stopReceiver(chosen);
        }
        Fleet fleet = run.read(List.of(chosen.key()), RecoveryRun.READ);
        Instance now = RecoveryRun.answering(fleet, chosen.key())
                .orElseThrow(() -> new CandidateFailed(chosen.key(), true, "does not answer any more"));
        GtidSet left = target.union(now.receivedGtids()).minus(now.executedGtids());
        boolean stopped = now.mainChannel()
                .map(c -> c.receiver() == ReplicationThreadState.STOPPED)
                .orElse(true);
        if (!left.isEmpty() || !stopped) {
            throw new CandidateFailed(
                    chosen.key(),
                    false,
                    stopped ? "it has received more, not executed yet: " + left : "its receiver is not stopped");
        }
        run.log().note(Phases.DRAIN, chosen.key(), "read back: everything received is executed");
        return now;
    }

    private void stopReceiver(Instance chosen) {
        // Read first: the last reading may be from before the catching up, when the receiver was stopped.
        Fleet fleet = run.read(List.of(chosen.key()), RecoveryRun.READ);
        Stage stage = run.planner().stopReceivers(fleet, List.of(chosen.key()));
        List<PlanStep> steps = stage.steps();
        for (PlanStep step : steps) {
            StepResult result = run.executor().perform(Phases.CATCH_UP, step);
            run.mayGoOn();
            if (!result.done()) {
                throw new CandidateFailed(
                        chosen.key(), true, "its receiver cannot be stopped after catching up: " + result.inWords());
            }
        }
    }

    private static Duration shortest(Duration a, Duration b, Duration c) {
        Duration ab = a.compareTo(b) < 0 ? a : b;
        return ab.compareTo(c) < 0 ? ab : c;
    }

    private static final class Progress {
        private GtidSet executed;
        private long since;

        Progress(GtidSet executed, long since) {
            this.executed = executed;
            this.since = since;
        }
    }
}
