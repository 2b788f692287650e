package dev.orchestrator.simulation;

import dev.orchestrator.api.CancelOutcome;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.MoveOperation;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.ReplicationOperation;
import dev.orchestrator.api.operation.WriteOperation;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.node.OrderOutcome;
import dev.orchestrator.simulation.node.OrderWatcher;
import dev.orchestrator.simulation.node.SimulatedService;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What people do beside ordering switchovers, and what they do about what came of it. */
final class Errands implements OrderWatcher {
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int MOST_TRIES = 30;
    /** So long an operator waits for a word about his order: the locks of a service that vanished have run out by then. */
    private static final Duration UNHEARD = Duration.ofSeconds(12);

    private final Schedule world;
    private final Dice dice;
    private final OperationChoice choice;
    private final Custody custody;
    private final OperationChecks operations;
    private final CancelChecks cancels;
    private int left;

    Errands(Schedule world, Dice dice) {
        this.world = world;
        this.dice = dice;
        this.choice = new OperationChoice(world);
        this.custody = new Custody(world, dice);
        this.operations = new OperationChecks(world, this::closed);
        this.cancels = new CancelChecks(world);
    }

    Custody custody() {
        return custody;
    }

    OperationChecks operations() {
        return operations;
    }

    CancelChecks cancels() {
        return cancels;
    }

    /** Nothing is to be done any more. */
    boolean areDone() {
        return left == 0 && custody.isOver();
    }

    /** Does something; about the changes that are told to run here and now. */
    void run(Chore chore, Choices how, List<String> running) {
        switch (chore) {
            case OPERATION_ORDERED -> order(how);
            case RECOVERY_ORDERED -> recover(how);
            case MAINTENANCE_BEGUN -> custody.maintain(how);
            case DOWNTIME_BEGUN -> custody.beginDowntime(how);
            case RECOVERIES_DISABLED -> custody.disable(how);
            case RECOVERIES_ACKNOWLEDGED -> custody.acknowledge();
            case CHANGE_CANCELLED -> cancel(how, running);
        }
    }

    private List<SimulatedService> services() {
        return world.nodes().stream().filter(n -> n.process().runs()).toList();
    }

    private Optional<SimulatedService> service(Choices how, String name) {
        List<SimulatedService> all = services();
        if (all.isEmpty()) {
            world.story().tell(() -> "an operator finds no service to order anything of");
            return Optional.empty();
        }
        return Optional.of(how.oneOf(name, all, n -> n.process().name()));
    }

    private void order(Choices how) {
        service(how, "of").ifPresent(node -> {
            Operation first = choice.one(how, "", null);
            order(node, first);
            follow(first, how);
            if (how.once("and another at once", 3)) {
                service(how, "the other of")
                        .ifPresent(other -> order(other, choice.one(how, "other ", first.server())));
            }
        });
    }

    /** What was begun and not taken back is put right. */
    private void order(SimulatedService node, Operation operation) {
        give(node, operation, outcome -> {
            boolean halfDone = !outcome.reached() && outcome.refusal().isEmpty();
            if (halfDone && isMended(operation) && !outcome.words().endsWith("it was taken back")) {
                mend(operation.server());
            }
        });
    }

    private void give(SimulatedService node, Operation operation, Consumer<OrderOutcome> then) {
        String words = node.process().name() + ": " + operation.describe();
        world.story().tell(() -> "an operator orders of " + words);
        boolean[] told = {false};
        node.order(operation, outcome -> {
            told[0] = true;
            world.story().tell(() -> words + ": " + outcome.words());
            operations.told(operation, outcome);
            then.accept(outcome);
        });
        if (isMended(operation)) {
            left++;
            world.events().in(UNHEARD.toNanos(), () -> {
                left--;
                if (!told[0] && !node.process().isAlive()) {
                    mend(operation.server());
                }
            });
        }
    }

    /** Whether an operator wants the server to replicate, whatever became of his order. */
    private static boolean isMended(Operation operation) {
        return operation instanceof MoveOperation || operation instanceof ReplicationOperation.RestartReplica;
    }

    private void mend(InstanceKey server) {
        left++;
        tried(server, MOST_TRIES);
    }

    /** Orders a service that lives to start it, until it is done or makes no sense. */
    private void tried(InstanceKey server, int tries) {
        if (tries == 0 || services().isEmpty()) {
            left--;
            return;
        }
        boolean[] told = {false};
        give(services().get(0), new ReplicationOperation.StartReplica(server), outcome -> told[0] = isOver(outcome));
        world.events().in(AGAIN.multipliedBy(2).toNanos(), () -> {
            if (told[0]) {
                left--;
            } else {
                tried(server, tries - 1);
            }
        });
    }

    private static boolean isOver(OrderOutcome outcome) {
        return outcome.reached()
                || outcome.refusal()
                        .filter(v -> v.refusal() == RefusalReason.NOT_A_REPLICA)
                        .isPresent();
    }

    /** What somebody stops he often starts again. */
    private void follow(Operation operation, Choices how) {
        if (operation instanceof ReplicationOperation.StopReplica stop) {
            how.seldomBetween("started again after", 2, Duration.ofMillis(500), Duration.ofSeconds(15))
                    .ifPresent(after -> {
                        left++;
                        world.events().in(after, () -> {
                            left--;
                            services().stream()
                                    .findFirst()
                                    .ifPresent(node -> give(
                                            node,
                                            new ReplicationOperation.StartReplica(stop.replica()),
                                            outcome -> {}));
                        });
                    });
        }
    }

    /** What was meant for a replica has met a server that had become the primary: it is to take writes again. */
    private void closed(SimulatedServer server) {
        left++;
        open(server, MOST_TRIES);
    }

    private void open(SimulatedServer server, int tries) {
        boolean written = world.servers().all().stream().anyMatch(SimulatedServer::takesWrites);
        if (tries == 0
                || written
                || server.process() == Running.DOWN
                || services().isEmpty()) {
            left--;
            return;
        }
        boolean[] told = {false};
        SimulatedService node = services().get(0);
        give(node, new WriteOperation.SetWriteable(server.key()), outcome -> told[0] = outcome.reached());
        world.events().in(AGAIN.toNanos(), () -> {
            if (told[0]) {
                left--;
            } else {
                open(server, tries - 1);
            }
        });
    }

    private void recover(Choices how) {
        service(how, "of").ifPresent(node -> {
            List<SimulatedServer> all = List.copyOf(world.servers().all());
            List<SimulatedServer> ill = all.stream()
                    .filter(s -> s.process() != Running.UP)
                    .filter(s -> all.stream().anyMatch(r -> r.reads(s.key())))
                    .toList();
            SimulatedServer chosen = dice.oneOf(ill.isEmpty() ? all : ill);
            InstanceKey failed =
                    how.known("server", chosen, all, s -> s.key().toString()).key();
            List<SimulatedServer> below =
                    all.stream().filter(s -> s.reads(failed)).toList();
            InstanceKey successor = below.isEmpty()
                    ? null
                    : how.seldomOneOf("successor", 2, below, s -> s.key().toString())
                            .map(SimulatedServer::key)
                            .orElse(null);
            recover(node, failed, successor);
        });
    }

    private void recover(SimulatedService node, InstanceKey failed, @Nullable InstanceKey successor) {
        if (successor != null) {
            world.named(successor);
        }
        String words = node.process().name() + ": recover " + failed + (successor == null ? "" : " by " + successor);
        world.story().tell(() -> "an operator orders of " + words);
        node.recover(failed, successor, outcome -> world.story().tell(() -> words + ": " + outcome.words()));
    }

    private void cancel(Choices how, List<String> here) {
        List<String> all = here.isEmpty()
                ? world.nodes().stream().flatMap(n -> n.running().stream()).toList()
                : here;
        if (all.isEmpty()) {
            world.story().tell(() -> "an operator finds nothing that could be cancelled");
            return;
        }
        String uid = all.get(all.size() - 1);
        service(how, "of").ifPresent(node -> {
            world.story().tell(() -> "an operator orders of " + node.process().name() + ": cancel " + uid);
            world.disturbed();
            node.cancel(uid);
        });
    }

    @Override
    public void begins(SimulatedService node, String uid, Operation operation, Right right) {
        world.story().tell(() -> node.process().name() + " begins " + uid + ": " + operation.describe());
        operations.begins(uid, operation, right);
    }

    @Override
    public void over(SimulatedService node, String uid, State end, @Nullable String failure) {
        world.story().tell(() -> node.process().name() + ": " + uid + " ends: " + end.end());
        operations.over(uid, end, failure);
        cancels.over(node, uid, end);
    }

    @Override
    public void asked(SimulatedService node, String uid) {
        cancels.asked(node, uid);
    }

    @Override
    public void answered(SimulatedService node, String uid, CancelOutcome outcome) {
        world.story().tell(() -> node.process().name() + ": " + uid + " is to stop: " + outcome.words());
        cancels.answered(uid, outcome);
    }
}
