package dev.orchestrator.api.facade;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.util.Map;

/** How fit for promotion operators say that servers are. Thread-safe; all methods ask the backend. */
public interface PromotionRules {
    /**
     * Gives a server a promotion rule for the configured time.
     *
     * @param instance a known server
     * @param rule the rule; {@code MUST} is reserved and refused
     * @param by who
     * @throws OrchestratorException with {@code UNKNOWN_INSTANCE} when no such server is known, with
     *     {@code INVALID_INPUT} for {@code MUST}; nothing has changed then
     */
    void set(InstanceKey instance, PromotionRule rule, Actor by);

    /**
     * The rules in force.
     *
     * @return by instance
     */
    Map<InstanceKey, PromotionRule> active();
}
