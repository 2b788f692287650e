package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.analysis.AnalysisCode;
import java.util.function.Predicate;

/**
 * A row of the table of problems.
 *
 * @param code the problem
 * @param aboutReplicas whether it is covered by a downtime of all replicas
 * @param when holds for a server with this problem
 */
record ProblemRule(AnalysisCode code, boolean aboutReplicas, Predicate<Situation> when) {

    static ProblemRule rule(AnalysisCode code, Predicate<Situation> when) {
        return new ProblemRule(code, false, when);
    }

    ProblemRule ofReplicas() {
        return new ProblemRule(code, true, when);
    }
}
