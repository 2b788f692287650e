package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a living primary can hand over, and to whom.
 *
 * @param verdicts the gates in the order they were asked; the last one refused if there is no successor
 * @param primary the primary, null when it is not known or does not answer
 * @param successor the replica that takes over, null when refused
 * @param replicas all direct replicas of the primary
 * @param leftAlone those that keep replicating from the former primary, with the reason
 * @param explanation why this successor, in one sentence
 */
public record TakeoverProposal(
        List<GateVerdict> verdicts,
        @Nullable Instance primary,
        @Nullable Instance successor,
        List<InstanceKey> replicas,
        Map<InstanceKey, String> leftAlone,
        String explanation) {
    /** Copies the collections. */
    public TakeoverProposal {
        verdicts = List.copyOf(verdicts);
        replicas = List.copyOf(replicas);
        leftAlone = Map.copyOf(leftAlone);
    }

    static TakeoverProposal refused(List<GateVerdict> verdicts) {
        return new TakeoverProposal(verdicts, null, null, List.of(), Map.of(), "");
    }

    /**
     * Whether nothing stands in the way.
     *
     * @return true when there is a successor
     */
    public boolean passed() {
        return successor != null;
    }

    /**
     * The decision when something else refuses.
     *
     * @param gate the question
     * @param reason the reason
     * @param facts what was seen
     * @return a refusal that names all gates before
     */
    public Decision refusedBy(String gate, RefusalReason reason, String facts) {
        List<GateVerdict> all = new ArrayList<>(verdicts);
        all.add(new GateVerdict(gate, reason, facts));
        return new Decision(null, all, null);
    }
}
