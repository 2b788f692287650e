package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a procedure has been told to do; it never changes.
 *
 * @param primary the server it is about: the failed one, or the living primary that hands over
 * @param replicas its direct replicas
 * @param orphans replicas of those of them that do not answer: they end below the new source as well
 * @param leftAlone servers that must not be touched, with the reason
 * @param rules what operators want, by instance
 * @param explicit the server an operator asked for, null to choose
 * @param automatic whether nobody ordered it
 * @param before how the servers were before anything was done
 * @param config the settings
 */
public record Terms(
        InstanceKey primary,
        List<InstanceKey> replicas,
        List<InstanceKey> orphans,
        Map<InstanceKey, String> leftAlone,
        Map<InstanceKey, PromotionRule> rules,
        @Nullable InstanceKey explicit,
        boolean automatic,
        boolean resumed,
        Before before,
        OrchestratorConfig config) {
    /** Copies the collections. */
    public Terms {
        replicas = List.copyOf(replicas);
        orphans = List.copyOf(orphans);
        leftAlone = Map.copyOf(leftAlone);
        rules = Map.copyOf(rules);
    }

    /**
     * All that are to replicate from the new source, itself included.
     *
     * @return replicas and orphans, in order
     */
    public List<InstanceKey> followers() {
        if (orphans.isEmpty() && areInOrder(replicas)) {
            return replicas;
        }
        TreeSet<InstanceKey> all = new TreeSet<>(replicas);
        all.addAll(orphans);
        return List.copyOf(all);
    }

    /** As a snapshot has them; asked for by each phase at each turn. */
    private static boolean areInOrder(List<InstanceKey> keys) {
        for (int i = 1; i < keys.size(); i++) {
            if (keys.get(i - 1).compareTo(keys.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Those of the followers that may be touched.
     *
     * @return in order
     */
    public List<InstanceKey> participants() {
        return followers().stream().filter(k -> !leftAlone.containsKey(k)).toList();
    }

    /**
     * What is locked while it runs.
     *
     * @return all that may be touched, the server it is about included
     */
    public LockRequest locks() {
        List<InstanceKey> all = new ArrayList<>(participants());
        all.add(primary);
        return LockRequest.forRecovery(all);
    }
}
