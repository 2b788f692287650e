package dev.orchestrator.spi;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.time.Duration;

/** What operators want. Its truth is in the backend; it is read again inside every decision that depends on it. */
public interface IntentStore {
    /**
     * Reads all intent in force.
     *
     * @return a consistent snapshot
     */
    Intents read();

    /**
     * Begins or replaces a downtime.
     *
     * @param owner who
     * @param reason why
     * @param duration how long, by the backend's clock
     */
    void beginDowntime(InstanceKey instance, Actor owner, String reason, Duration duration);

    /**
     * Ends a downtime.
     *
     * @return whether there was one
     */
    boolean endDowntime(InstanceKey instance);

    /**
     * Sets a promotion rule that runs out.
     *
     * @param duration how long
     */
    void setPromotionRule(InstanceKey instance, PromotionRule rule, Duration duration);

    /**
     * Switches all automatic recoveries on or off.
     *
     * @param enabled whether they may run
     * @param by who said so
     */
    void setRecoveriesEnabled(boolean enabled, Actor by);

    /** Gives a cluster an alias that overrides all others. */
    void setClusterAlias(ClusterId cluster, String alias);
}
