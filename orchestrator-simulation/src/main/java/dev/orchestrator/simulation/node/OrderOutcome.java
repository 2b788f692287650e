package dev.orchestrator.simulation.node;

import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import java.util.Optional;

/**
 * What came of an order, as it is told to whoever gave it.
 *
 * @param words for people
 * @param reached whether it is as was ordered
 * @param refusal why it was not begun, empty when it was, or when nobody knows
 */
public record OrderOutcome(String words, boolean reached, Optional<GateVerdict> refusal) {
    static OrderOutcome done() {
        return new OrderOutcome("done", true, Optional.empty());
    }

    static OrderOutcome ended(boolean successful) {
        return new OrderOutcome("ended " + successful, successful, Optional.empty());
    }

    static OrderOutcome failed(String why) {
        return new OrderOutcome("failed: " + why, false, Optional.empty());
    }

    static OrderOutcome refused(Decision decision) {
        String why = decision.refusal().map(v -> v.refusal() + ": " + v.facts()).orElse("");
        return new OrderOutcome("refused: " + why, false, decision.refusal());
    }

    static OrderOutcome unanswered() {
        return new OrderOutcome("the backend does not answer", false, Optional.empty());
    }
}
