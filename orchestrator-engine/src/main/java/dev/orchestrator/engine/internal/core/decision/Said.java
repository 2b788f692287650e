package dev.orchestrator.engine.internal.core.decision;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.decision.GateFacts.BackendFacts;
import java.util.List;

/**
 * What the backend said about an attempt to recover.
 *
 * @param facts what the gates look at
 * @param locks what the locks of others mean for it
 */
public record Said(BackendFacts facts, LockImpact locks) {
    /**
     * Judges what is stored.
     *
     * @param stored what the backend holds
     * @param attempt what is attempted
     * @param failed the failed server, by the name the fleet knows it by
     * @param followers who would take part
     * @return the facts
     */
    public static Said of(Stored stored, RecoveryAttempt attempt, InstanceKey failed, List<InstanceKey> followers) {
        LockImpact locks = LockImpact.of(failed, followers, stored.locks());
        return new Said(BackendFacts.of(stored, attempt.type(), failed, locks.refusing()), locks);
    }
}
