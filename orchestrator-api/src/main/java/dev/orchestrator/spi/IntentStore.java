package dev.orchestrator.spi;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What operators want. Its truth is in the backend; it is read again inside every decision that depends on it. */
public interface IntentStore {
    /**
     * Reads all intent in force.
     *
     * @return a consistent picture
     */
    Intents read();

    /**
     * Begins or replaces a downtime.
     *
     * @param instance the instance
     * @param owner who
     * @param reason why
     * @param duration how long, by the backend's clock
     */
    void beginDowntime(InstanceKey instance, Actor owner, String reason, Duration duration);

    /**
     * Ends a downtime.
     *
     * @param instance the instance
     * @return whether there was one
     */
    boolean endDowntime(InstanceKey instance);

    /**
     * Sets a promotion rule that runs out.
     *
     * @param instance the instance
     * @param rule the rule
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

    /**
     * Gives a cluster an alias that overrides all others.
     *
     * @param cluster the cluster
     * @param alias the alias
     */
    void setClusterAlias(ClusterId cluster, String alias);

    /**
     * Everything operators want at present.
     *
     * @param recoveriesEnabled the global switch
     * @param downtimes by instance
     * @param promotionRules by instance
     * @param clusterAliases by cluster
     * @param rosterMark a short text that is another one when anybody has stored, removed or forgotten a server since, so
     *     that {@link InstanceStore#roster()} need not be asked to find that out; empty where the store cannot tell
     */
    record Intents(
            boolean recoveriesEnabled,
            Map<InstanceKey, Downtime> downtimes,
            Map<InstanceKey, PromotionRule> promotionRules,
            Map<ClusterId, String> clusterAliases,
            String rosterMark) {
        /** Nothing special is wanted. */
        public static final Intents NONE = new Intents(true, Map.of(), Map.of(), Map.of());

        /** Copies the collections. */
        public Intents {
            downtimes = Map.copyOf(downtimes);
            promotionRules = Map.copyOf(promotionRules);
            clusterAliases = Map.copyOf(clusterAliases);
        }

        /** What operators want, of a store that cannot tell whether servers were stored or removed. */
        public Intents(
                boolean recoveriesEnabled,
                Map<InstanceKey, Downtime> downtimes,
                Map<InstanceKey, PromotionRule> promotionRules,
                Map<ClusterId, String> clusterAliases) {
            this(recoveriesEnabled, downtimes, promotionRules, clusterAliases, "");
        }

        /**
         * The downtime of an instance.
         *
         * @param key the instance
         * @return empty when there is none
         */
        public Optional<Downtime> downtime(InstanceKey key) {
            return Optional.ofNullable(downtimes.get(key));
        }
    }

    /**
     * A time in which problems of an instance are expected.
     *
     * @param instance the instance
     * @param owner who
     * @param reason why
     * @param begin since when
     * @param end until when
     */
    record Downtime(InstanceKey instance, Actor owner, String reason, Instant begin, Instant end) {}
}
