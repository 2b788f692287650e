package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.TakeoverOperation;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.plan.When;
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
    private final boolean soon;

    /** Where something is meant to meet an order, there is one, and soon enough for what is to follow from it. */
    Operators(Schedule world, boolean needed) {
        this.world = world;
        this.dice = world.dice();
        int thrown = dice.once(2) ? 1 + dice.number(2) : 0;
        this.count = needed ? Math.max(1, thrown) : thrown;
        this.soon = needed;
    }

    /** Whether anybody orders anything in this world. */
    boolean giveOrders() {
        return count > 0;
    }

    void begin(Duration within) {
        for (Happening it : world.script().orders(count)) {
            long thrown = dice.between(Duration.ZERO, within.dividedBy(soon ? 6 : 2));
            world.events().in(it.in(world.events().now(), thrown, When.At::new), () -> order(it));
        }
    }

    private void order(Happening it) {
        List<SimulatedService> running =
                world.nodes().stream().filter(n -> n.process().runs()).toList();
        Choices what = it.happens(dice);
        if (running.isEmpty()) {
            world.story().tell(() -> "an operator finds no service to order anything of");
        } else {
            SimulatedService node = what.oneOf("of", running, n -> n.process().name());
            Operation operation = switchover(what);
            String words = node.process().name() + ": " + operation.describe();
            world.story().tell(() -> "an operator orders of " + words);
            Runnable over = world.ordered();
            node.order(operation, outcome -> {
                over.run();
                world.story().tell(() -> words + ": " + outcome.words());
            });
        }
    }

    private Operation switchover(Choices what) {
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
        boolean named = !below.isEmpty() && !what.once("no successor named", 3);
        if (named && what.once("and no other", 2)) {
            return new TakeoverOperation.GracefulTakeover(primary, successor(what, below));
        }
        return new TakeoverOperation.GracefulTakeoverAuto(primary, named ? successor(what, below) : null);
    }

    private InstanceKey successor(Choices what, List<InstanceKey> below) {
        InstanceKey successor = what.oneOf("successor", below, InstanceKey::toString);
        world.named(successor);
        return successor;
    }
}
