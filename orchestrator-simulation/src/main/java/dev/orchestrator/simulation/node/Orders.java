package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationProcedures;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What operators order of one service: carried out as the engine's own table says. Not thread-safe. */
final class Orders {
    private final SimulatedService node;
    private final Actor actor;
    private int given;

    Orders(SimulatedService node) {
        this.node = node;
        this.actor = new Actor("alice", Origin.CLI, node.process().name());
    }

    void give(Operation operation, Consumer<OrderOutcome> told) {
        String uid = node.process().name() + "-order-" + ++given;
        OperationProcedures.of(operation).match(new OperationBinding.Cases<Boolean>() {
            @Override
            public Boolean direct(OperationBinding.Direct it) {
                new ChangeRun<>(node, new SimulatedOperation(node, operation, it, actor, uid, told)).begin();
                return true;
            }

            @Override
            public Boolean switchover(OperationBinding.Switchover it) {
                new ChangeRun<>(node, new SimulatedSwitchover(node, it, actor, uid, told)).begin();
                return true;
            }
        });
    }

    void recover(InstanceKey failed, @Nullable InstanceKey successor, Consumer<OrderOutcome> told) {
        String uid = node.process().name() + "-order-" + ++given;
        RecoveryRequest request = new RecoveryRequest(failed, successor, actor);
        RecoveryAttempt requested =
                RecoveryAttempt.ordered(request, node.process().now().at());
        OrderedRecovery.give(node, requested, uid, told);
    }
}
