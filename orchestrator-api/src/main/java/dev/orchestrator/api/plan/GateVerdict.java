package dev.orchestrator.api.plan;

import org.jspecify.annotations.Nullable;

/**
 * What one gate of a decision found.
 *
 * @param gate the question, such as "is the cluster configured for automatic recovery"
 * @param refusal why it does not let through, null when it does
 * @param facts what was seen, for people
 */
public record GateVerdict(String gate, @Nullable RefusalReason refusal, String facts) {
    /**
     * Whether the gate lets through.
     *
     * @return true when it does
     */
    public boolean passed() {
        return refusal == null;
    }
}
