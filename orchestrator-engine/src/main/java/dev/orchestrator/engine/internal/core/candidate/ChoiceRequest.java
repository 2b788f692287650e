package dev.orchestrator.engine.internal.core.candidate;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the choice is made on.
 *
 * @param fleet the snapshot as it was last read
 * @param failed the failed primary; its settings count, and what it had acknowledged
 * @param fallen who took over from it in this very recovery and died after it may have been writable, in order
 * @param replicas its direct replicas as they were when it failed; a repointed one stays among them
 * @param rules what operators want, by instance
 * @param banned replicas that must not be touched or chosen, with the reason
 * @param explicit the replica an operator asked for, null to choose
 * @param receiversStopped whether only a replica whose receiver says that it is stopped may be chosen; false for a
 *     preview
 * @param alsoReceived what servers were seen to hold that do not answer any more
 * @param policy what may be done in this cluster
 */
public record ChoiceRequest(
        Fleet fleet,
        InstanceKey failed,
        List<InstanceKey> fallen,
        List<InstanceKey> replicas,
        Map<InstanceKey, PromotionRule> rules,
        Map<InstanceKey, String> banned,
        @Nullable InstanceKey explicit,
        boolean receiversStopped,
        GtidSet alsoReceived,
        ChoicePolicy policy) {
    /** Copies the collections. */
    public ChoiceRequest {
        fallen = List.copyOf(fallen);
        replicas = List.copyOf(replicas);
        rules = Map.copyOf(rules);
        banned = Map.copyOf(banned);
    }
}
