package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery has been told to do, after all gates let it through.
 *
 * @param failed the failed primary
 * @param replicas its direct replicas
 * @param leftAlone replicas that must not be touched, with the reason
 * @param rules what operators want, by instance
 * @param explicit the replica a person asked for, null to choose
 * @param automatic whether nobody ordered it
 */
record RecoveryOrder(
        InstanceKey failed,
        List<InstanceKey> replicas,
        Map<InstanceKey, String> leftAlone,
        Map<InstanceKey, PromotionRule> rules,
        @Nullable InstanceKey explicit,
        boolean automatic) {
    RecoveryOrder {
        replicas = List.copyOf(replicas);
        leftAlone = Map.copyOf(leftAlone);
        rules = Map.copyOf(rules);
    }

    /** The replicas that take part. */
    List<InstanceKey> participants() {
        return replicas.stream().filter(k -> !leftAlone.containsKey(k)).toList();
    }
}
