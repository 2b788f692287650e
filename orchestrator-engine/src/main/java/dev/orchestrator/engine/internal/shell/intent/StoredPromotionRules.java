package dev.orchestrator.engine.internal.shell.intent;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.PromotionRules;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.spi.IntentStore;
import java.time.Duration;
import java.util.Map;

/** Promotion rules in the backend. */
final class StoredPromotionRules implements PromotionRules {
    private final IntentStore store;
    private final AuditedOrders orders;
    private final Duration lasting;

    StoredPromotionRules(IntentStore store, AuditedOrders orders, Duration lasting) {
        this.store = store;
        this.orders = orders;
        this.lasting = lasting;
    }

    @Override
    public void set(InstanceKey instance, PromotionRule rule, Actor by) {
        if (rule == PromotionRule.MUST) {
            throw AuditedOrders.invalid(
                    "promotion rule must is reserved (expected prefer, neutral, prefer_not or must_not)");
        }
        InstanceKey key = orders.known(instance, "a promotion rule").key();
        store.setPromotionRule(key, rule, lasting);
        orders.about("register-candidate", key, by, "promotion rule " + rule.text());
    }

    @Override
    public Map<InstanceKey, PromotionRule> active() {
        return store.read().promotionRules();
    }
}
