package dev.orchestrator.engine.internal.core.refactor;

import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.Plan.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would be done for a wish, or why not.
 *
 * @param verdicts the gates in the order they were asked; the last one refused if there is no plan
 * @param plan what would be done, null when refused
 * @param touched the servers that would be changed, or that nobody may be promoted beside meanwhile: locked
 * @param sources the servers that would only serve as a source: locked shared
 * @param undo how to go back to what was, if the plan fails half way; empty where there is no going back
 * @param proof what must be true afterwards
 */
public record Proposal(
        List<GateVerdict> verdicts,
        @Nullable Plan plan,
        List<InstanceKey> touched,
        List<InstanceKey> sources,
        List<Stage> undo,
        Proof proof) {
    /** Copies the lists. */
    public Proposal {
        verdicts = List.copyOf(verdicts);
        touched = List.copyOf(touched);
        sources = List.copyOf(sources);
        undo = List.copyOf(undo);
    }

    static Proposal refused(List<GateVerdict> verdicts) {
        return new Proposal(verdicts, null, List.of(), List.of(), List.of(), fleet -> "");
    }

    /**
     * What is locked while it is done.
     *
     * @return the changed servers exclusively, the sources shared
     */
    public LockRequest locks() {
        return LockRequest.of(touched, sources);
    }

    /**
     * The decision that this is.
     *
     * @return verdicts and plan
     */
    public Decision decision() {
        return new Decision(null, verdicts, plan);
    }
}
