package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Why nothing is done about a dead server that has replicas and is under a fence: the fence makes it nobody's primary, and
 * why it has not ended is what people have to know.
 */
public final class UnderFence {
    private static final String GATE = "is it free of a fence";

    private UnderFence() {}

    /**
     * Whether a fence explains why nothing is done about a finding: a former primary with replicas is explained by its
     * fence, which knows more than gates do.
     *
     * @param finding what is wrong with a server
     * @param fleet the snapshot
     * @param fences all fences that stand
     * @return false when people have to be told otherwise
     */
    public static boolean explains(FailureAnalysis finding, Fleet fleet, Collection<Fence> fences) {
        return !finding.replicas().isEmpty()
                && !finding.reachable()
                && fleet.instance(finding.instance())
                        .filter(i ->
                                fences.stream().anyMatch(f -> f.serverUuid().equals(i.serverUuid())))
                        .isPresent();
    }

    /**
     * Explains.
     *
     * @param finding what is wrong with the server
     * @param fence its fence
     * @param lastWords why its fence did not end when it last answered
     * @return the refusal; empty when something is done about it
     */
    public static Optional<Decision> refusal(FailureAnalysis finding, Fence fence, String lastWords) {
        if (finding.actionable()) {
            return Optional.empty();
        }
        String facts = finding.instance() + " is a former primary that must stay read-only: " + fence.successor()
                + " took over in recovery " + fence.recoveryUid() + " at " + fence.since()
                + "; its fence did not end by itself, as " + lastWords
                + ". If it is the primary again, order lift-fence -i "
                + finding.instance() + ", then recover";
        return Optional.of(new Decision(finding, List.of(new GateVerdict(GATE, RefusalReason.FENCED, facts)), null));
    }
}
