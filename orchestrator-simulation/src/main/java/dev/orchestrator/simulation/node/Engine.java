package dev.orchestrator.simulation.node;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.simulation.backend.FenceRule;
import dev.orchestrator.spi.Right;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The parts of the engine of which a world may be given others: the delivered ones, as long as nobody says otherwise.
 *
 * @param procedure what is done of each procedure of a recovery or switchover, begun or gone on with
 * @param handled which of the findings that call for a recovery get a turn
 * @param written by which right a recovery's record and fences are written
 * @param fences which fences stand
 */
public record Engine(
        UnaryOperator<Procedure> procedure,
        UnaryOperator<List<FailureAnalysis>> handled,
        UnaryOperator<Right> written,
        FenceRule fences) {
    /** As it is delivered. */
    public static final Engine DELIVERED = new Engine(
            UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity(), FenceRule.WHILE_REPLACED);
}
