package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.TakeoverOperation;
import dev.orchestrator.simulation.node.Service;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.world.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** People who order something of one of the services at some moment, whether or not that one leads. */
final class Operators {
    private final Schedule world;
    private final Dice dice;
    private final int count;

    Operators(Schedule world) {
        this.world = world;
        this.dice = world.dice();
        this.count = dice.once(2) ? 1 + dice.number(2) : 0;
    }

    /** Whether anybody orders anything in this world. */
    boolean giveOrders() {
        return count > 0;
    }

    void begin(Duration within) {
        for (int i = 0; i < count; i++) {
            world.events().in(dice.between(Duration.ZERO, within.dividedBy(2)), this::order);
        }
    }

    private void order() {
        List<Service> running =
                world.nodes().stream().filter(n -> n.process().runs()).toList();
        if (!running.isEmpty()) {
            Service node = dice.oneOf(running);
            Operation operation = switchover();
            String what = node.process().name() + ": " + operation.describe();
            world.story().tell(() -> "an operator orders of " + what);
            Runnable over = world.ordered();
            node.order(operation, outcome -> {
                over.run();
                world.story().tell(() -> what + ": " + outcome);
            });
        }
    }

    private Operation switchover() {
        List<SimulatedServer> all = new ArrayList<>(world.servers().all());
        InstanceKey primary = all.stream()
                .filter(SimulatedServer::takesWrites)
                .findFirst()
                .orElse(all.get(0))
                .key();
        List<InstanceKey> below = all.stream()
                .filter(s -> s.replicatesFrom(List.of(world.servers().get(primary))))
                .map(SimulatedServer::key)
                .toList();
        boolean said = !below.isEmpty() && !dice.once(3);
        if (said && dice.once(2)) {
            return new TakeoverOperation.GracefulTakeover(primary, dice.oneOf(below));
        }
        return new TakeoverOperation.GracefulTakeoverAuto(primary, said ? dice.oneOf(below) : null);
    }
}
