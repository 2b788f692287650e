package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.plan.Phases;
import dev.orchestrator.spi.Fence;
import dev.orchestrator.spi.FenceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the drained replica the primary. Before it becomes writable, it is in the backend that it is to be the successor
 * and that the former primary is to stay fenced; and the right to act was confirmed there. Promoted means read back.
 */
final class Promotion {
    private static final String REMEMBERED = "it is remembered that it must stay read-only";
    private static final String UNKNOWN_SERVER = "it cannot be fenced: it was never read, so its identity is not known";
    private static final int ATTEMPTS = 3;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);
    private static final int READINGS = 5;

    private final RecoveryRun run;
    private final Fences fences;

    Promotion(RecoveryRun run, Fences fences) {
        this.run = run;
        this.fences = fences;
    }

    /**
     * Promotes.
     *
     * @param chosen the replica; everything it received is executed
     * @param former the failed primary as it was last read, null when it never was
     * @return the new primary as it was read back
     */
    Instance promote(Instance chosen, @Nullable Instance former) {
        run.mayGoOn();
        warnAboutSemiSync(chosen, former);
        Fence fence = rememberFirst(chosen, former);
        if (fence != null) {
            fences.enforce(fence, run.authority());
        }
        try {
            for (Stage stage : run.planner().promote(chosen, former)) {
                perform(stage.steps().get(0));
            }
            return readBack(chosen);
        } catch (PromotionFailed e) {
            return unlessWritableAfterAll(chosen, fence, e);
        }
    }

    private void warnAboutSemiSync(Instance chosen, @Nullable Instance former) {
        if (former != null
                && former.semiSync().sourceEnabled()
                && !chosen.semiSync().available()) {
            run.log()
                    .note(
                            Phases.PROMOTE,
                            chosen.key(),
                            "the failed primary asked for semi-sync acknowledgements; this server cannot");
        }
    }

    /** Both writes go side by side: each costs the outage a commit of the backend. */
    private @Nullable Fence rememberFirst(Instance chosen, @Nullable Instance former) {
        RecoveryRecord record = run.keeper()
                .edit(r -> r.successor(chosen.key())
                        .successorUuid(chosen.serverUuid())
                        .successorAlias(chosen.instanceAlias()));
        Fence fence = former == null || former.serverUuid().isEmpty() ? null : fence(record, chosen, former);
        CompletableFuture<Void> fenced = CompletableFuture.runAsync(
                () -> {
                    fences.release(chosen.serverUuid(), run.authority(), "promoted by recovery " + record.uid());
                    if (fence != null) {
                        run.ports().fences().add(fence, run.authority().right());
                    }
                },
                run.threads());
        try {
            boolean ours = run.keeper().save();
            fenced.join();
            if (ours) {
                run.log().note(Phases.FENCE, run.order().failed(), fence == null ? UNKNOWN_SERVER : REMEMBERED);
                return fence;
            }
        } catch (OrchestratorException | CompletionException e) {
            forget(fence, fenced);
            throw new RecoveryAborted("the promotion cannot be written down before it is done: " + e.getMessage());
        }
        forget(fence, fenced);
        throw new RecoveryAborted("the backend does not take this recovery for the current one any more");
    }

    private static Fence fence(RecoveryRecord record, Instance chosen, Instance former) {
        return new Fence(
                former.serverUuid(),
                former.key(),
                record.cluster(),
                chosen.key(),
                record.uid(),
                FenceState.PENDING,
                "replaced by " + chosen.key(),
                record.startedAt());
    }

    private void forget(@Nullable Fence fence, CompletableFuture<Void> fenced) {
        PlanExecutor.await(fenced, Duration.ofSeconds(2));
        if (fence != null) {
            fences.lift(fence, run.authority(), "its recovery was given up before anybody was promoted");
        }
    }

    private void perform(PlanStep step) {
        for (int attempt = 1; ; attempt++) {
            StepResult result = run.executor().perform(Phases.PROMOTE, step);
            if (result.done()) {
                return;
            }
            boolean again = attempt < ATTEMPTS
                    && !run.executor().isRightLost()
                    && run.pauses().pause(BETWEEN_ATTEMPTS);
            if (!again && step.required()) {
                throw new PromotionFailed(step.describe() + ": " + result.inWords());
            }
            if (!again) {
                run.keeper().error(step.describe() + ": " + result.inWords());
                return;
            }
        }
    }

    private Instance readBack(Instance chosen) {
        RunLog.Running step =
                run.log().begin(Phases.VERIFY, chosen.key(), "read back that it is writable and nobody's replica");
        for (int reading = 1; ; reading++) {
            Fleet fleet = run.read(List.of(chosen.key()), RecoveryRun.READ);
            Optional<Instance> now = RecoveryRun.answering(fleet, chosen.key());
            boolean writable = now.filter(Instance::isWritable).isPresent();
            boolean free = now.filter(i -> i.channels().isEmpty()).isPresent();
            if (writable && (free || reading == READINGS)) {
                if (free) {
                    step.done("");
                } else {
                    step.failed("it is writable but still knows its former source");
                    run.keeper().error(chosen.key() + " is writable but still knows its former source");
                }
                return now.get();
            }
            if (reading == READINGS || !run.pauses().pause(BETWEEN_ATTEMPTS)) {
                step.failed(now.isEmpty() ? "it does not answer" : "it is not writable");
                throw new PromotionFailed(chosen.key() + (now.isEmpty() ? " does not answer" : " is not writable"));
            }
        }
    }

    /** What we were not told may have happened: only a reading decides, and who may be writable must be fenced. */
    private Instance unlessWritableAfterAll(Instance chosen, @Nullable Fence fence, PromotionFailed failure) {
        Fleet fleet = run.read(List.of(chosen.key()), RecoveryRun.READ);
        Optional<Instance> now = RecoveryRun.answering(fleet, chosen.key());
        if (now.filter(Instance::isWritable).isPresent()) {
            run.keeper().error(failure.getMessage() + "; it is writable all the same");
            return now.get();
        }
        String why = failure.getMessage();
        if (run.executor().isRightLost()) {
            throw new RecoveryAborted(why);
        }
        if (now.isEmpty()) {
            // It may be writable: the record goes on naming it, and so both fences hold, until another one is named.
            keepFromBeingWritten(chosen, fence);
        } else {
            neverWritable(chosen, fence);
        }
        throw new CandidateFailed(chosen.key(), true, "could not be promoted: " + why);
    }

    private void neverWritable(Instance chosen, @Nullable Fence fence) {
        run.executor()
                .perform(
                        Phases.PROMOTE,
                        new PlanStep(
                                chosen.key(),
                                chosen.serverUuid(),
                                new InstanceCommand.SetReadOnly(true),
                                Duration.ofSeconds(2),
                                false,
                                false));
        run.keeper().edit(r -> r.successor(null).successorUuid("").successorAlias(""));
        if (fence != null) {
            fences.lift(fence, run.authority(), "its recovery could not promote " + chosen.key());
        }
    }

    private void keepFromBeingWritten(Instance chosen, @Nullable Fence former) {
        if (chosen.serverUuid().isEmpty() || former == null) {
            return;
        }
        Fence fence = new Fence(
                chosen.serverUuid(),
                chosen.key(),
                former.cluster(),
                former.successor(),
                former.recoveryUid(),
                FenceState.PENDING,
                "it died while it was being promoted and may be writable",
                run.ports().clock().instant());
        try {
            if (run.ports().fences().add(fence, run.authority().right())) {
                fences.enforce(fence, run.authority());
            }
        } catch (OrchestratorException e) {
            run.keeper()
                    .error("it cannot be remembered that " + chosen.key() + " must stay read-only: " + e.getMessage());
        }
    }

    private static final class PromotionFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PromotionFailed(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return java.util.Objects.requireNonNullElse(super.getMessage(), "");
        }
    }
}
