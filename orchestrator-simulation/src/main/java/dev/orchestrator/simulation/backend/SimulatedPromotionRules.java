package dev.orchestrator.simulation.backend;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.util.LinkedHashMap;
import java.util.Map;

/** The promotion rules in the backend. Not thread-safe. */
public final class SimulatedPromotionRules {
    private final Map<InstanceKey, PromotionRule> rows = new LinkedHashMap<>();

    /**
     * Registers one.
     *
     * @param instance of whom
     * @param rule what operators want
     */
    public void register(InstanceKey instance, PromotionRule rule) {
        rows.put(instance, rule);
    }

    Map<InstanceKey, PromotionRule> all() {
        return Map.copyOf(rows);
    }
}
