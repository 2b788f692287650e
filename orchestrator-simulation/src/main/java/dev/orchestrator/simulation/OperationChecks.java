package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.operation.MoveOperation;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.ReplicationOperation;
import dev.orchestrator.api.operation.ServerResult;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.operation.ServerResults;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.node.OrderOutcome;
import dev.orchestrator.simulation.server.ByHand;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of operations that keep no record: what people are told of a server is how it is, and nothing that a
 * replica had is lost or left standing.
 */
final class OperationChecks {
    /** A lock that ended so long ago stands in nobody's way: a reading of the locks may be as old. */
    private static final Duration GONE = Duration.ofSeconds(8);

    private final Schedule world;
    private final Consumer<SimulatedServer> closed;
    private final Map<String, Begun> running = new LinkedHashMap<>();

    /**
     * One that runs.
     *
     * @param operation what was ordered
     * @param right by what right its commands are sent
     * @param held what its server held when it began
     * @param diedAt when that server's process had ended last
     */
    private record Begun(Operation operation, Right right, GtidSet held, long diedAt) {}

    OperationChecks(Schedule world, Consumer<SimulatedServer> closed) {
        this.world = world;
        this.closed = closed;
        world.servers().onCommand(this::carriesOut);
    }

    private SimulatedServer server(Operation operation) {
        return world.servers().get(operation.server());
    }

    void begins(String uid, Operation operation, Right right) {
        SimulatedServer server = server(operation);
        running.put(uid, new Begun(operation, right, server.held(), server.diedAt()));
    }

    private Optional<Operation> by(SimulatedServer server, SentCommand order) {
        return running.values().stream()
                .filter(b -> b.right().equals(order.right())
                        && b.operation().server().equals(server.key()))
                .map(Begun::operation)
                .findFirst();
    }

    /** Whether a command belongs to an operation that somebody ordered of the server. */
    boolean isOrdered(SimulatedServer server, SentCommand order) {
        return by(server, order).isPresent();
    }

    private void carriesOut(SimulatedServer server, SentCommand order) {
        by(server, order).ifPresent(operation -> {
            if (operation instanceof ReplicationOperation.StopReplica
                    && order.command() instanceof InstanceCommand.StopReplication stop) {
                new ByHand(server).leaveStanding(stop.channel());
            }
            if (order.command().equals(new InstanceCommand.SetReadOnly(true)) && server.takesWrites()) {
                closed.accept(server);
            }
        });
    }

    void over(String uid, State end, @Nullable String failure) {
        Begun begun = running.remove(uid);
        if (begun == null) {
            return;
        }
        SimulatedServer server = server(begun.operation());
        GtidSet lost =
                begun.held().minus(server.held()).minus(server.replication().dropped());
        if (!lost.isEmpty()) {
            throw new Violation("lost by an operation: " + lost + ", which " + server.key() + " had; ordered was: "
                    + begun.operation().describe());
        }
        boolean away = server.process() != Running.UP || server.diedAt() != begun.diedAt();
        if (away || end.end() == Effect.End.ABANDONED || world.rebuilders().areInclined()) {
            return;
        }
        if (failure == null && begun.operation() instanceof MoveOperation move) {
            moved(server, move, end);
        } else if (failure != null && failure.endsWith("it was taken back")) {
            end.terms().before().of(server.key()).ifPresent(before -> takenBack(server, before, failure));
        }
    }

    private void moved(SimulatedServer server, MoveOperation move, State end) {
        InstanceKey source = ServerResults.of(end).stream()
                .filter(r -> r.server().equals(server.key()))
                .map(ServerResult::source)
                .findFirst()
                .orElse(null);
        boolean follows = server.facts().channels().stream()
                .anyMatch(c -> c.source().equals(source) && c.receiver() != ReplicationThreadState.STOPPED);
        if (!follows) {
            throw new Violation(server.key() + " does not follow " + source + ", though it is said to; ordered was: "
                    + move.describe());
        }
    }

    private static void takenBack(SimulatedServer server, ServerBefore before, String failure) {
        for (ServerBefore.ChannelBefore was : before.channels()) {
            ReplicationChannel is = server.facts().channels().stream()
                    .filter(c -> c.name().equals(was.name()))
                    .findFirst()
                    .orElse(null);
            boolean back = is != null && is.source().equals(was.source());
            boolean stands = is != null && is.receiver() == ReplicationThreadState.STOPPED;
            if (!back || (was.receiverRan() && stands)) {
                throw new Violation(
                        server.key() + " is not as it was before an operation, though that is said: " + failure);
            }
            if (!was.receiverRan() && stands) {
                new ByHand(server).leaveStanding(was.name());
            }
        }
    }

    /** An order is refused for a lock only while there is one. */
    void told(Operation operation, OrderOutcome outcome) {
        GateVerdict refusal = outcome.refusal().orElse(null);
        if (refusal == null
                || refusal.refusal() != RefusalReason.LOCKED
                || refusal.facts().contains("which was not so")) {
            return;
        }
        long now = world.events().now();
        boolean recently = world.servers().all().stream()
                .filter(s -> refusal.facts().contains(s.key().toString()))
                .anyMatch(s -> world.backend().rows().locks().heldUntil(s.key()) >= now - GONE.toNanos());
        if (!recently) {
            throw new Violation(
                    "refused for a lock that ended long ago: " + operation.describe() + ": " + refusal.facts());
        }
    }
}
