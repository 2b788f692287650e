package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.MoveOperation;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.ReplicationOperation;
import dev.orchestrator.api.operation.WriteOperation;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.SimulatedServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which operation an operator orders of which server: mostly of a replica, as far as he can see. */
final class OperationChoice {
    /** What is ordered most often stands there more often. */
    private static final List<String> KINDS = List.of(
            "relocate",
            "relocate",
            "relocate",
            "move-gtid",
            "move-up",
            "move-up",
            "repoint",
            "repoint below",
            "stop-replica",
            "stop-replica",
            "start-replica",
            "restart-replica",
            "set-read-only");

    private final Schedule world;

    OperationChoice(Schedule world) {
        this.world = world;
    }

    /** One operation, in words that begin with a prefix; of a server that is given, or of any. */
    Operation one(Choices how, String prefix, @Nullable InstanceKey given) {
        String kind = how.oneOf(prefix + "operation", KINDS, k -> k);
        InstanceKey server = given == null ? replica(how, prefix) : given;
        return switch (kind) {
            case "relocate" -> new MoveOperation.Relocate(server, below(how, prefix, server));
            case "move-gtid" -> new MoveOperation.MoveGtid(server, below(how, prefix, server));
            case "move-up" -> new MoveOperation.MoveUp(server);
            case "repoint" -> new MoveOperation.Repoint(server, null);
            case "repoint below" -> new MoveOperation.Repoint(server, below(how, prefix, server));
            case "stop-replica" -> new ReplicationOperation.StopReplica(server);
            case "start-replica" -> new ReplicationOperation.StartReplica(server);
            case "restart-replica" -> new ReplicationOperation.RestartReplica(server);
            case "set-read-only" -> new WriteOperation.SetReadOnly(server);
            default -> throw new IllegalStateException("no operation is called " + kind);
        };
    }

    private InstanceKey replica(Choices how, String prefix) {
        List<SimulatedServer> all = List.copyOf(world.servers().all());
        List<SimulatedServer> replicas =
                all.stream().filter(SimulatedServer::isReadOnly).toList();
        List<SimulatedServer> among = replicas.isEmpty() ? all : replicas;
        return how.oneOf(prefix + "server", among, s -> s.key().toString()).key();
    }

    private InstanceKey below(Choices how, String prefix, InstanceKey server) {
        List<SimulatedServer> others = world.servers().all().stream()
                .filter(s -> !s.key().equals(server))
                .toList();
        return how.oneOf(prefix + "below", others, s -> s.key().toString()).key();
    }
}
