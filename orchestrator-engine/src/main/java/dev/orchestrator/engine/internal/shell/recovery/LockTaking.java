package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.MaintenanceLocks;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes the locks of a recovery: on the failed primary and on all replicas that nobody else has locked. */
final class LockTaking {
    private static final int ATTEMPTS = 3;

    private final MaintenanceLocks locks;

    LockTaking(MaintenanceLocks locks) {
        this.locks = locks;
    }

    /** The locks, and what those of others mean. */
    record Taken(MaintenanceLock lock, LockImpact impact) {}

    /** What the locks of others mean at this moment. */
    LockImpact impact(InstanceKey failed, Collection<InstanceKey> replicas) {
        return LockImpact.of(failed, replicas, locks.active());
    }

    /**
     * Takes them.
     *
     * @return empty when somebody's lock refuses
     */
    Optional<Taken> take(InstanceKey failed, Collection<InstanceKey> replicas, Actor actor, String reason) {
        return take(failed, replicas, actor, reason, impact(failed, replicas));
    }

    /** Takes them, when it was read a moment ago what the locks of others mean. */
    Optional<Taken> take(
            InstanceKey failed, Collection<InstanceKey> replicas, Actor actor, String reason, LockImpact known) {
        LockImpact impact = known;
        for (int attempt = 1; attempt <= ATTEMPTS && impact.refusing() == null; attempt++) {
            List<InstanceKey> wanted = new ArrayList<>(replicas);
            wanted.removeAll(impact.excluded().keySet());
            wanted.add(failed);
            try {
                return Optional.of(new Taken(locks.acquire(LockRequest.forRecovery(wanted), actor, reason), impact));
            } catch (OrchestratorException e) {
                if (e.code() != ErrorCode.LOCKED) {
                    throw e;
                }
                // Somebody was faster: look at whose it is.
                impact = impact(failed, replicas);
            }
        }
        return Optional.empty();
    }
}
