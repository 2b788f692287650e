package dev.orchestrator.api.plan;

import dev.orchestrator.api.analysis.FailureAnalysis;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether something will be done about a problem, and why.
 *
 * @param analysis the problem, null when the instance is not known
 * @param verdicts the gates in the order they were asked; the last one refused if the decision is no
 * @param plan what will be done, null when refused
 */
public record Decision(
        @Nullable FailureAnalysis analysis,
        List<GateVerdict> verdicts,
        @Nullable Plan plan) {
    /** Copies the verdicts. */
    public Decision {
        verdicts = List.copyOf(verdicts);
    }

    /**
     * The verdict that refused.
     *
     * @return empty when the decision is yes
     */
    public Optional<GateVerdict> refusal() {
        return verdicts.stream().filter(v -> !v.passed()).findFirst();
    }
}
