package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.engine.internal.core.decision.ChangeGates;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes any change through what stands before and around it: gates, locks, a fresh reading, the gates again, the run, and
 * the release of the locks. Returns when it is over.
 */
public final class ChangeRunner {
    private final Locking locks;
    private final RunRegistry runs;

    /** Takes locks: as {@link dev.orchestrator.api.facade.MaintenanceLocks#acquire(LockRequest, Actor, String)}. */
    @FunctionalInterface
    public interface Locking {
        /**
         * Locks servers.
         *
         * @param request which ones
         * @param owner for whom
         * @param reason why
         * @return the locks
         * @throws OrchestratorException with {@code LOCKED} when somebody else holds one of them
         */
        MaintenanceLock acquire(LockRequest request, Actor owner, String reason);
    }

    /**
     * A runner.
     *
     * @param locks the maintenance locks
     * @param runs where all nodes see what runs
     */
    public ChangeRunner(Locking locks, RunRegistry runs) {
        this.locks = locks;
        this.runs = runs;
    }

    /**
     * Makes a change, if nothing refuses.
     *
     * @param change the change
     * @param <R> what its run is told
     * @param <T> what comes of it
     * @return the outcome
     */
    public <R, T> T attempt(Change<R, T> change) {
        String holder = "";
        for (int attempt = 1; ; attempt++) {
            Prepared<R> first = change.look();
            if (!first.isAllowed()) {
                return change.refused(first);
            }
            if (attempt > ChangeGates.ATTEMPTS) {
                return change.lockedOut(first, holder);
            }
            try (MaintenanceLock lock = locks.acquire(first.locks(), change.actor(), change.lockReason())) {
                return underLocks(change, lock);
            } catch (OrchestratorException e) {
                if (e.code() != ErrorCode.LOCKED) {
                    throw e;
                }
                holder = Objects.requireNonNullElse(e.getMessage(), "somebody else holds the lock");
            }
        }
    }

    private <R, T> T underLocks(Change<R, T> change, MaintenanceLock lock) {
        Prepared<R> again = change.lookAgain(lock);
        if (!again.isAllowed()) {
            return change.refused(again);
        }
        Optional<Decision> unlocked = ChangeGates.unlocked(again.decision(), again.locks(), lock.instances());
        if (unlocked.isPresent()) {
            return change.refused(Prepared.refused(unlocked.get()));
        }
        RunRegistry.Run run =
                runs.begin(change.uid(), change.kind(), change.lockReason(), lock.instances(), change.actor());
        try {
            return change.run(again, lock, run);
        } finally {
            run.close();
        }
    }
}
