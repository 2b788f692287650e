package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Door;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationProcedures;
import java.util.function.Consumer;

/** What operators order of one service: carried out as the engine's own table says. Not thread-safe. */
final class Orders {
    private final Service node;
    private final Actor actor;
    private int given;

    Orders(Service node) {
        this.node = node;
        this.actor = new Actor("alice", Door.CLI, node.process().name());
    }

    void give(Operation operation, Consumer<String> told) {
        String uid = node.process().name() + "-order-" + ++given;
        OperationProcedures.of(operation).match(new OperationBinding.Cases<Boolean>() {
            @Override
            public Boolean direct(OperationBinding.Direct it) {
                throw new IllegalStateException("not modelled: " + operation.describe());
            }

            @Override
            public Boolean switchover(OperationBinding.Switchover it) {
                new ChangeRun<>(node, new SwitchoverChange(node, it, actor, uid, told)).begin();
                return true;
            }
        });
    }
}
