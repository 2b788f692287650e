package dev.orchestrator.api;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.util.Map;
import java.util.Optional;

/**
 * Everything operators want at present.
 *
 * @param recoveriesEnabled the global switch
 * @param downtimes by instance
 * @param promotionRules by instance
 * @param clusterAliases by cluster
 * @param rosterMark a short text that is another one when anybody has stored, removed or forgotten a server since, and
 *     each time while the leader has not taken in a reading that others stored; so the list of servers need not be read
 *     to find that out; empty where the store cannot tell
 */
public record Intents(
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
