package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operation as it would be carried out on a snapshot. */
record Proposed(PlannedOperation proposal, Decision decision) {
    static Proposed of(Fleet fleet, Operation operation, List<Fence> fences) {
        PlannedOperation proposal = direct(operation)
                .proposal()
                .apply(new OperationContext(fleet, OrchestratorConfig.builder().build(), fences, "somebody"));
        return new Proposed(proposal, proposal.decide(fleet, new Moment(Instant.parse("2026-01-01T00:00:00Z"), 0)));
    }

    static OperationBinding.Direct direct(Operation operation) {
        return OperationProcedures.of(operation).match(new OperationBinding.Cases<>() {
            @Override
            public OperationBinding.Direct direct(OperationBinding.Direct it) {
                return it;
            }

            @Override
            public OperationBinding.Direct switchover(OperationBinding.Switchover it) {
                throw new AssertionError(operation.describe() + " is a switchover");
            }
        });
    }

    @Nullable
    Plan plan() {
        return decision.plan();
    }

    List<GateVerdict> verdicts() {
        return decision.verdicts();
    }

    List<InstanceKey> touched() {
        PlannedOperation.Work work = proposal.work();
        List<InstanceKey> all = new ArrayList<>();
        if (work != null) {
            all.addAll(work.exclusive());
            all.addAll(work.shared());
        }
        return all;
    }
}
