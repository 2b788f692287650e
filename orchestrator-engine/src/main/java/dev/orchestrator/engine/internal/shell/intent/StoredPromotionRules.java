package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.facade.PromotionRules;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.engine.internal.core.intent.OrderChecks;
import dev.orchestrator.spi.IntentStore;
import java.time.Duration;
import java.util.Map;

/** Promotion rules in the backend. */
record StoredPromotionRules(IntentStore store, AuditedOrders orders, Duration lasting) implements PromotionRules {
    @Override
    public void set(InstanceKey instance, PromotionRule rule, Actor by) {
        OrderChecks.promotionRule(rule);
        InstanceKey key = OrderChecks.known(orders.snapshot(), instance, "a promotion rule");
        store.setPromotionRule(key, rule, lasting);
        orders.about("register-candidate", key, by, "promotion rule " + rule.text());
    }

    @Override
    public Map<InstanceKey, PromotionRule> active() {
        return store.read().promotionRules();
    }
}
