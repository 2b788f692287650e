package dev.orchestrator.engine.fleet;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import java.util.List;

/** Findings as the analysis makes them, where it does not matter how they were come by. */
public final class Findings {
    private Findings() {}

    /** A dead primary with two replicas, of which these are named; reachable when it answers again. */
    public static FailureAnalysis deadPrimary(
            Fleet fleet, InstanceKey primary, List<InstanceKey> replicas, boolean reachable) {
        return new FailureAnalysis(
                AnalysisCode.DEAD_PRIMARY,
                primary,
                null,
                fleet.member(primary).orElseThrow().cluster(),
                true,
                false,
                reachable,
                true,
                false,
                0,
                new ReplicaCounts(2, 2, 0, 2, 0, 0, 0, 2, 0, 0, 2, 0, 1),
                replicas,
                List.of(),
                List.of());
    }
}
