package dev.orchestrator.spi;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
     * Orders that a server must stay read-only from now on, whoever leads.
     *
     * @param fence the order
     */
    void addFence(Fence fence);

    /**
     * Marks a fence as carried out or lifted. One that is lifted stays so until it is ordered anew.
     *
     * @param serverUuid the server
     * @param state its new state
     * @param note what was found, for people
     */
    void updateFence(String serverUuid, FenceState state, String note);

    /**
     * Everything operators want at present.
     *
     * @param recoveriesEnabled the global switch
     * @param downtimes by instance
     * @param promotionRules by instance
     * @param clusterAliases by cluster
     * @param fences servers that must stay read-only
     * @param rosterMark a short text that is another one when anybody has stored, removed or forgotten a server since, so
     *     that {@link InstanceStore#roster()} need not be asked to find that out; empty where the store cannot tell
     */
    record Intents(
            boolean recoveriesEnabled,
            Map<InstanceKey, Downtime> downtimes,
            Map<InstanceKey, PromotionRule> promotionRules,
            Map<ClusterId, String> clusterAliases,
            List<Fence> fences,
            String rosterMark) {
        /** Nothing special is wanted. */
        public static final Intents NONE = new Intents(true, Map.of(), Map.of(), Map.of(), List.of());

        /** Copies the collections. */
        public Intents {
            downtimes = Map.copyOf(downtimes);
            promotionRules = Map.copyOf(promotionRules);
            clusterAliases = Map.copyOf(clusterAliases);
            fences = List.copyOf(fences);
        }

        /** What operators want, of a store that cannot tell whether servers were stored or removed. */
        public Intents(
                boolean recoveriesEnabled,
                Map<InstanceKey, Downtime> downtimes,
                Map<InstanceKey, PromotionRule> promotionRules,
                Map<ClusterId, String> clusterAliases,
                List<Fence> fences) {
            this(recoveriesEnabled, downtimes, promotionRules, clusterAliases, fences, "");
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

    /** How far a fence has come. */
    enum FenceState {
        /** The server has not been seen since. */
        PENDING,
        /** It came back and was made read-only. */
        FENCED,
        /** It came back, and everything it holds its successor holds too. */
        CLEAN,
        /** It came back with transactions its successor does not have. */
        AHEAD,
        /** It may be written again: a person or a recovery said so. */
        LIFTED
    }

    /**
     * A former primary that must not be written again.
     *
     * @param serverUuid its identity
     * @param instance the key it goes by
     * @param cluster the cluster it was the primary of
     * @param successor the instance that took over
     * @param recoveryUid the recovery that ordered it
     * @param state how far it has come
     * @param note what was found, for people; with the GTIDs it has alone
     * @param since when it was ordered
     */
    record Fence(
            String serverUuid,
            InstanceKey instance,
            ClusterId cluster,
            InstanceKey successor,
            String recoveryUid,
            FenceState state,
            String note,
            Instant since) {}
}
