package dev.orchestrator.engine.internal.core.intent;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.time.Duration;

/** What an order must be like to be carried out. What is not is refused by an {@link OrchestratorException}. */
public final class OrderChecks {
    /** Longer is a slip of the finger. Servers that are never to be looked at are to be forgotten. */
    private static final Duration LONGEST_DOWNTIME = Duration.ofDays(3650);

    private static final int LONGEST_POOL_NAME = 128;

    private OrderChecks() {}

    /**
     * A server that an order is about.
     *
     * @param fleet the servers that are known
     * @param key as it was named
     * @param requested what is wanted of it
     * @return the key that the backend knows the server by
     */
    public static InstanceKey known(Fleet fleet, InstanceKey key, String requested) {
        return fleet.member(key)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNKNOWN_INSTANCE,
                        requested + " of " + key + " is refused: no such instance is known (discover it first)"))
                .key();
    }

    /**
     * A cluster that is to be called by an alias.
     *
     * @param fleet the clusters that are known
     * @param id which
     * @param alias the alias
     * @return the cluster
     */
    public static Cluster alias(Fleet fleet, ClusterId id, String alias) {
        Cluster cluster = fleet.cluster(id)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNKNOWN_CLUSTER,
                        "an alias of cluster " + id.value() + " is refused: no such cluster is known"));
        demand(!alias.isBlank(), "an alias of " + cluster.name() + " is missing");
        return cluster;
    }

    /**
     * A downtime.
     *
     * @param instance of what server
     * @param reason why
     * @param time how long
     */
    public static void downtime(InstanceKey instance, String reason, Duration time) {
        demand(!reason.isBlank(), "a downtime of " + instance + " needs a reason");
        demand(
                !time.isZero() && !time.isNegative() && time.compareTo(LONGEST_DOWNTIME) <= 0,
                "a downtime of " + instance + " must last longer than nothing and at most " + LONGEST_DOWNTIME.toDays()
                        + " days");
    }

    /**
     * A promotion rule.
     *
     * @param rule which
     */
    public static void promotionRule(PromotionRule rule) {
        demand(
                rule != PromotionRule.MUST,
                "promotion rule must is reserved (expected prefer, neutral, prefer_not or must_not)");
    }

    /**
     * A pool.
     *
     * @param name its name
     */
    public static void pool(String name) {
        demand(
                !name.isBlank() && name.length() <= LONGEST_POOL_NAME,
                "the name of a pool must say something and have at most " + LONGEST_POOL_NAME + " characters");
    }

    /**
     * An acknowledgement.
     *
     * @param comment what is said of it
     */
    public static void acknowledgement(String comment) {
        demand(!comment.isBlank(), "No acknowledge comment given");
    }

    private static void demand(boolean met, String message) {
        if (!met) {
            throw new OrchestratorException(ErrorCode.INVALID_INPUT, message);
        }
    }
}
