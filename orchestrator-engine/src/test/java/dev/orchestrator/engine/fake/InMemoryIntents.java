package dev.orchestrator.engine.fake;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.spi.IntentStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Operators' intent in memory. */
final class InMemoryIntents implements IntentStore {
    private final InstantSource clock;
    private final Map<InstanceKey, Downtime> downtimes = new HashMap<>();
    private final Map<InstanceKey, RuleUntil> rules = new HashMap<>();
    private final Map<ClusterId, String> aliases = new HashMap<>();
    private boolean recoveriesEnabled = true;

    InMemoryIntents(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Intents read() {
        Instant now = clock.instant();
        downtimes.values().removeIf(d -> !now.isBefore(d.end()));
        rules.values().removeIf(r -> !now.isBefore(r.until()));
        Map<InstanceKey, PromotionRule> inForce = rules.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().rule()));
        return new Intents(recoveriesEnabled, downtimes, inForce, aliases);
    }

    @Override
    public void beginDowntime(InstanceKey instance, Actor owner, String reason, Duration duration) {
        Instant now = clock.instant();
        downtimes.put(instance, new Downtime(instance, owner, reason, now, now.plus(duration)));
    }

    @Override
    public boolean endDowntime(InstanceKey instance) {
        return downtimes.remove(instance) != null;
    }

    @Override
    public void setPromotionRule(InstanceKey instance, PromotionRule rule, Duration duration) {
        rules.put(instance, new RuleUntil(rule, clock.instant().plus(duration)));
    }

    @Override
    public void setRecoveriesEnabled(boolean enabled, Actor by) {
        recoveriesEnabled = enabled;
    }

    @Override
    public void setClusterAlias(ClusterId cluster, String alias) {
        aliases.put(cluster, alias);
    }

    private record RuleUntil(PromotionRule rule, Instant until) {}
}
