package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.fencing.FenceView;
import dev.orchestrator.engine.internal.core.fencing.Rebuilding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says why nothing is done about a dead server that has replicas and is under a fence: the fence makes it nobody's
 * primary, and why it has not ended is what people have to know. Owned by one thread.
 */
final class UnderFence {
    private static final String GATE = "is it free of a fence";

    private final FencingPorts.Findings findings;
    // Why its fence did not end when it last answered, by server.
    private final Map<String, String> lastWords = new HashMap<>();

    UnderFence(FencingPorts.Findings findings) {
        this.findings = findings;
    }

    void explain(FenceView view, Rebuilding now) {
        Fence fence = view.fence();
        Optional<FleetMember> server = view.fleet().memberByUuid(fence.serverUuid());
        if (server.isEmpty() || server.get().isReachable()) {
            lastWords.put(fence.serverUuid(), now.words());
            return;
        }
        InstanceKey key = server.get().key();
        boolean over = view.recovery() == null || !view.recovery().isActive();
        if (!over || view.fleet().replicasOf(key).isEmpty()) {
            return;
        }
        findings.analyze(view.fleet(), key)
                .filter(f -> !f.actionable())
                .ifPresent(f -> findings.notActedOn(key, clusterName(view, f), decision(f, fence)));
    }

    private static String clusterName(FenceView view, FailureAnalysis finding) {
        return view.fleet().cluster(finding.cluster()).map(Cluster::name).orElse("");
    }

    private Decision decision(FailureAnalysis finding, Fence fence) {
        String facts = finding.instance() + " is a former primary that must stay read-only: " + fence.successor()
                + " took over in recovery " + fence.recoveryUid() + " at " + fence.since()
                + "; its fence did not end by itself, as " + lastWords.getOrDefault(fence.serverUuid(), "it was away")
                + ". If it is the primary again, order lift-fence -i " + finding.instance() + ", then recover";
        return new Decision(finding, List.of(new GateVerdict(GATE, RefusalReason.FENCED, facts)), null);
    }
}
