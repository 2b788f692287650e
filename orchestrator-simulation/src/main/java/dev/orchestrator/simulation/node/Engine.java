package dev.orchestrator.simulation.node;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.engine.internal.core.analysis.AnalysisPolicy;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.recovery.Resumption;
import dev.orchestrator.simulation.backend.FenceRule;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The parts of the engine of which a world may be given others: the delivered ones, as long as nobody says otherwise.
 *
 * @param read what is taken in of a server's facts
 * @param procedure what is done of each procedure of a recovery or switchover, begun or gone on with
 * @param fences which fences stand
 * @param due which of the findings that something may be done about may have a turn
 * @param policy what the analysis takes for long, old or wrong
 * @param heeds in which phases a change hears that it shall stop
 * @param left how what a service left under way is gone on with
 */
public record Engine(
        UnaryOperator<Instance> read,
        UnaryOperator<Procedure> procedure,
        FenceRule fences,
        UnaryOperator<List<FailureAnalysis>> due,
        UnaryOperator<AnalysisPolicy> policy,
        Predicate<String> heeds,
        UnaryOperator<Resumption> left) {
    /** As it is delivered. */
    public static final Engine DELIVERED = new Engine(
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            FenceRule.DELIVERED,
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            phase -> true,
            UnaryOperator.identity());
}
