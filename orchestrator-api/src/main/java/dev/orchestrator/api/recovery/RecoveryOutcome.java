package dev.orchestrator.api.recovery;

import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of an order to recover.
 *
 * @param decision the decision with its reasons
 * @param recovery the record of what was done, null when nothing was attempted
 */
public record RecoveryOutcome(Decision decision, @Nullable RecoveryRecord recovery) {
    /**
     * Whether anything was attempted.
     *
     * @return false when it was refused
     */
    public boolean attempted() {
        return recovery != null;
    }

    /**
     * Whether the recovery reached its aim.
     *
     * @return true when it did
     */
    public boolean succeeded() {
        return recovery != null && recovery.successful() && !recovery.isActive();
    }

    /**
     * Whether it was begun and then left to whoever leads, because the right to act was gone. Somebody may have been
     * promoted.
     *
     * @return true when its record has no end
     */
    public boolean abandoned() {
        return recovery != null && recovery.isActive();
    }

    /**
     * Why the recovery that was attempted did not reach its aim.
     *
     * @return for people; empty text when it did, or was not attempted
     */
    public String problem() {
        if (recovery == null || succeeded()) {
            return "";
        }
        String reasons = String.join("; ", recovery.errors());
        return abandoned() ? "it was left under way: " + reasons : "no instance promoted: " + reasons;
    }

    /**
     * Why nothing was attempted.
     *
     * @return empty when something was
     */
    public Optional<GateVerdict> refusal() {
        return recovery != null ? Optional.empty() : decision.refusal();
    }
}
