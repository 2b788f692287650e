package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Takes any change through what stands before and around it: gates, locks, a fresh reading, the gates again, the run, and
 * the release of the locks. Returns when it is over.
 */
public final class ChangeRunner {
    /** Somebody may lock and unlock the same servers between our look and our attempt. */
    private static final int ATTEMPTS = 3;

    private static final String GATE = "is no lock in the way";

    private final Locking locks;
    private final RunRegistry runs;

    /** Takes locks: as {@link dev.orchestrator.api.MaintenanceLocks#acquire(LockRequest, Actor, String)}. */
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
            if (attempt > ATTEMPTS) {
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
        List<InstanceKey> unlocked = new ArrayList<>(again.locks().all());
        unlocked.removeAll(lock.instances());
        if (!unlocked.isEmpty()) {
            String facts = unlocked + " would be changed as well, which was not so when the locks were taken; it is"
                    + " decided again at the next attempt";
            return change.refused(Prepared.refused(with(again.decision(), RefusalReason.LOCKED, facts)));
        }
        RunRegistry.Run run =
                runs.begin(change.uid(), change.kind(), change.lockReason(), lock.instances(), change.actor());
        try {
            return change.run(again, lock, run);
        } finally {
            run.close();
        }
    }

    /**
     * A decision that a lock refuses.
     *
     * @param decision the decision without it
     * @param reason the reason
     * @param facts who holds it, for people
     * @return the refusal
     */
    public static Decision with(Decision decision, RefusalReason reason, String facts) {
        List<GateVerdict> verdicts = new ArrayList<>(decision.verdicts());
        verdicts.add(new GateVerdict(GATE, reason, facts));
        return new Decision(decision.analysis(), verdicts, null);
    }
}
