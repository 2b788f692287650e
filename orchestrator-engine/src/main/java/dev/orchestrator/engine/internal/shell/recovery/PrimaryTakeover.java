package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.plan.Phases;
import dev.orchestrator.engine.internal.core.refactor.TakeoverSteps;
import dev.orchestrator.spi.Fence;
import dev.orchestrator.spi.FenceState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a living primary over to one of its replicas, phase by phase: demote, wait until the successor has executed
 * everything, promote and verify, repoint the siblings, let the former primary rejoin. Until somebody is promoted
 * everything can be taken back, and is: the siblings are not touched before, and the primary becomes writable again.
 */
final class PrimaryTakeover {
    private static final Logger log = LoggerFactory.getLogger(PrimaryTakeover.class);

    /** Nobody can write meanwhile: beyond this the writes go back to where they were. */
    private static final Duration CATCH_UP = Duration.ofSeconds(20);

    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final Duration IN_FLIGHT = Duration.ofSeconds(8);
    private static final Duration REJOIN_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int RESTORE_ATTEMPTS = 10;

    private final RecoveryRun run;
    private final Instance primary;
    private final Instance successor;
    private final InstanceCommand.AttachTo attach;
    private final boolean start;
    private final FirstWriteWatch firstWrites;

    PrimaryTakeover(RecoveryRun run, Parties parties, FirstWriteWatch firstWrites) {
        this.run = run;
        this.primary = parties.primary();
        this.successor = parties.successor();
        this.attach = parties.attach();
        this.start = parties.start();
        this.firstWrites = firstWrites;
    }

    /** Who hands over to whom; with how the former primary will replicate, and whether it does at once. */
    record Parties(Instance primary, Instance successor, InstanceCommand.AttachTo attach, boolean start) {}

    /** Runs it to its end; whether the successor was promoted. */
    boolean run() {
        try {
            demote();
            GtidSet written = catchUp();
            Instance promoted = promote(written);
            afterwards(promoted, written);
            return true;
        } catch (RecoveryAborted | CandidateFailed e) {
            restore(Objects.requireNonNullElse(e.getMessage(), "aborted"));
        } catch (RuntimeException e) {
            log.atError().addKeyValue("instance", primary.key()).setCause(e).log("a takeover failed unexpectedly");
            if (run.keeper().current().promotedAt() != null) {
                run.keeper().error("after the promotion: " + e);
                return true;
            }
            restore("unexpected: " + e);
        } finally {
            run.executor().awaitInFlight(IN_FLIGHT);
        }
        return false;
    }

    private void demote() {
        for (PlanStep step : TakeoverSteps.demote(primary)) {
            run.mayGoOn();
            StepResult result = run.executor().perform(TakeoverSteps.DEMOTE, step);
            if (!result.done() && step.required()) {
                throw new RecoveryAborted(step.describe() + ": " + result.inWords());
            }
        }
    }

    /** What was written to the end; the set is read again after the wait, for commits that were under way. */
    private GtidSet catchUp() {
        long begun = run.ports().ticker().nanos();
        GtidSet written = writtenSoFar();
        RunLog.Running step = run.log()
                .begin(
                        TakeoverSteps.CATCH_UP,
                        successor.key(),
                        "wait until it has executed all that " + primary.key() + " has");
        try {
            while (true) {
                awaitExecuted(written, begun);
                GtidSet now = writtenSoFar();
                if (now.equals(written)) {
                    step.done("everything is executed: " + written);
                    return written;
                }
                written = now;
            }
        } catch (RecoveryAborted e) {
            step.failed(Objects.requireNonNullElse(e.getMessage(), ""));
            throw e;
        }
    }

    private GtidSet writtenSoFar() {
        run.mayGoOn();
        Instance now = RecoveryRun.answering(run.read(List.of(primary.key()), RecoveryRun.READ), primary.key())
                .orElseThrow(() -> new RecoveryAborted(primary.key() + " does not answer any more"));
        if (!now.serverUuid().equals(primary.serverUuid()) || !now.readOnly()) {
            throw new RecoveryAborted(primary.key() + " is writable again, or another server: somebody interferes");
        }
        return now.executedGtids();
    }

    private void awaitExecuted(GtidSet written, long begun) {
        while (true) {
            run.mayGoOn();
            Duration patience = patience();
            if (run.ports().ticker().nanos() - begun > patience.toNanos()) {
                throw new RecoveryAborted(
                        successor.key() + " has not executed everything within " + patience.toSeconds() + " s");
            }
            StepResult result = run.executor().attempt(run.planner().await(successor, written, SLICE));
            if (result.done()) {
                return;
            }
            if (result.failed()) {
                throw new RecoveryAborted(successor.key() + " does not execute what it receives: " + result.inWords());
            }
        }
    }

    private Duration patience() {
        Duration drain = run.ports().config().drainTimeout();
        return drain.compareTo(CATCH_UP) < 0 ? drain : CATCH_UP;
    }

    private Instance promote(GtidSet written) {
        Fleet fleet = run.read(List.of(successor.key()), RecoveryRun.READ);
        for (PlanStep step :
                run.planner().stopReceivers(fleet, List.of(successor.key())).steps()) {
            StepResult result = run.executor().perform(Phases.STOP_RECEIVERS, step);
            if (!result.done()) {
                throw new RecoveryAborted(step.describe() + ": " + result.inWords());
            }
        }
        Instance drained = RecoveryRun.answering(run.read(List.of(successor.key()), RecoveryRun.READ), successor.key())
                .orElseThrow(() -> new RecoveryAborted(successor.key() + " does not answer any more"));
        GtidSet missing = written.union(drained.receivedGtids()).minus(drained.executedGtids());
        if (!missing.isEmpty()) {
            throw new RecoveryAborted(successor.key() + " has not executed " + missing);
        }
        return new Promotion(run, new TakeoverFences()).promote(drained, primary);
    }

    private void afterwards(Instance promoted, GtidSet written) {
        GtidSet lost = written.minus(promoted.executedGtids());
        run.keeper()
                .edit(r -> r.successor(promoted.key())
                        .successorUuid(promoted.serverUuid())
                        .successorAlias(promoted.instanceAlias())
                        .successorCoordinates(promoted.binlogCoordinates())
                        .promotedAt(run.ports().clock().instant())
                        .gtidsAtPromotion(promoted.executedGtids())
                        .lostGtids(lost)
                        .lossNote(lost.isEmpty() ? "Nothing was lost." : "Missing: " + lost)
                        .successful(true));
        run.log().note(Phases.PROMOTE, promoted.key(), "promoted; everything written before is executed");
        firstWrites.watch(promoted, run.keeper());
        List<InstanceKey> all = run.order().participants();
        Fleet fleet = run.read(all, RecoveryRun.READ);
        new AfterPromotion(run, new ReceiverStop(run)).complete(fleet, promoted);
        rejoin(promoted);
    }

    /** The former primary follows, unless it holds something alone: then it is parked, and what it holds is named. */
    private void rejoin(Instance promoted) {
        Instance former = RecoveryRun.answering(run.read(List.of(primary.key()), RecoveryRun.READ), primary.key())
                .orElse(null);
        Instance now = RecoveryRun.answering(run.read(List.of(promoted.key()), RecoveryRun.READ), promoted.key())
                .orElse(promoted);
        if (former == null) {
            notRejoined("it does not answer any more");
            return;
        }
        GtidSet alone = former.executedGtids().minus(now.executedGtids());
        if (!alone.isEmpty()) {
            run.keeper().edit(r -> r.lostGtids(alone).lossNote("Only in the former primary: " + alone));
            remember(FenceState.AHEAD, "it alone holds " + alone);
            notRejoined("it alone holds " + alone + "; it is parked read-only");
            return;
        }
        for (PlanStep step : TakeoverSteps.rejoin(former, successor, attach, start)) {
            StepResult result = run.executor().perform(TakeoverSteps.REJOIN, step);
            if (!result.done() && step.required()) {
                notRejoined(step.describe() + ": " + result.inWords());
                return;
            }
        }
        remember(FenceState.CLEAN, "it handed over to " + promoted.key());
        if (start) {
            proveRejoined(promoted);
        }
    }

    private void remember(FenceState state, String note) {
        run.ports().fences().standing().stream()
                .filter(f -> f.serverUuid().equals(primary.serverUuid()))
                .forEach(f -> run.ports()
                        .fences()
                        .update(f, state, note, run.authority().right()));
    }

    private void notRejoined(String why) {
        run.log().skipped(TakeoverSteps.REJOIN, primary.key(), "become a replica of " + successor.key(), why);
        run.keeper().error(primary.key() + " does not replicate from " + successor.key() + ": " + why);
    }

    private void proveRejoined(Instance promoted) {
        RunLog.Running step =
                run.log().begin(Phases.VERIFY, primary.key(), "read back that it replicates from " + promoted.key());
        long begun = run.ports().ticker().nanos();
        while (true) {
            Fleet fleet = run.read(List.of(primary.key()), RecoveryRun.READ);
            boolean follows = RecoveryRun.answering(fleet, primary.key())
                    .filter(Instance::readOnly)
                    .flatMap(Instance::mainChannel)
                    .filter(c -> c.receiver() == ReplicationThreadState.RUNNING
                            && fleet.canonical(c.source()).equals(promoted.key()))
                    .isPresent();
            if (follows) {
                step.done("");
                return;
            }
            if (run.ports().ticker().nanos() - begun > REJOIN_PATIENCE.toNanos()
                    || !run.pauses().pause(PAUSE)) {
                String seen = RecoveryRun.answering(fleet, primary.key())
                        .flatMap(Instance::mainChannel)
                        .map(c ->
                                "its receiver is " + c.receiver() + " from " + c.source() + " " + c.lastReceiverError())
                        .orElse("it does not answer");
                step.failed(seen);
                run.keeper().error(primary.key() + " does not replicate from " + promoted.key() + ": " + seen);
                return;
            }
        }
    }

    /** Everything goes back to where it was; without the right to act, whoever leads does it. */
    private void restore(String why) {
        run.keeper().error(why);
        run.log().note(Phases.RESTORE, null, "given up: " + why);
        if (run.executor().isRightLost()) {
            return;
        }
        writableAgain();
        new Restoration(run).restore(List.of(successor.key()));
    }

    private void writableAgain() {
        PlanStep step = TakeoverSteps.writable(primary);
        for (int attempt = 1; ; attempt++) {
            StepResult result = run.executor().perform(Phases.RESTORE, step);
            if (result.done()) {
                return;
            }
            boolean again = attempt < RESTORE_ATTEMPTS
                    && !run.executor().isRightLost()
                    && run.pauses().pause(PAUSE.multipliedBy(attempt));
            if (!again) {
                run.keeper().error("ATTENTION: " + primary.key() + " may still be read-only: " + result.inWords());
                return;
            }
        }
    }

    /** The former primary is read-only already: the fence only has to be remembered, and forgotten on the way back. */
    private final class TakeoverFences implements Fences {
        @Override
        public void enforce(Fence fence, Authority right) {
            if (!fence.serverUuid().equals(primary.serverUuid())) {
                // A successor that died while it was being promoted: the leader sees to it when it comes back.
                run.log().note(Phases.FENCE, fence.instance(), "it must not be written when it comes back");
            }
        }

        @Override
        public void lift(Fence fence, Authority right, String why) {
            run.ports().fences().update(fence, FenceState.LIFTED, why, right.right());
        }

        @Override
        public boolean release(String serverUuid, Authority right, String why) {
            return run.ports().fences().standing().stream()
                    .filter(f -> f.serverUuid().equals(serverUuid))
                    .allMatch(f -> run.ports().fences().update(f, FenceState.LIFTED, why, right.right()));
        }
    }
}
