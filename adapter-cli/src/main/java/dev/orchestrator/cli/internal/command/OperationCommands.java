package dev.orchestrator.cli.internal.command;

import static dev.orchestrator.cli.internal.command.Command.once;
import static dev.orchestrator.cli.internal.command.Command.perInstance;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.Operation.Kind;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.standalone.text.PlanText;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Commands that change living topologies. With {@code -noop} each shows its plan and does nothing. */
final class OperationCommands {
    private static final String RELOCATION = "Relocation";
    private static final String REPLICATION = "Replication";
    private static final String RECOVERY = "Recovery";

    private OperationCommands() {}

    static List<Command> all() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> kind.commands().stream().map(name -> command(name, kind)))
                .toList();
    }

    private static Command command(String name, Kind kind) {
        return switch (kind.shape()) {
            case MOVE -> move(name, kind);
            case REPLICA -> aboutOne(REPLICATION, name, kind);
            case FENCE -> aboutOne(RECOVERY, name, kind);
            case TAKEOVER -> takeover(name, kind);
        };
    }

    private static Command move(String name, Kind kind) {
        return perInstance(RELOCATION, name, kind.help(), c -> {
            InstanceKey replica = c.exactInstance();
            InstanceKey below = c.destination();
            if (below == null) {
                throw new OrchestratorException(
                        ErrorCode.INVALID_INPUT, "missing -d (the instance to replicate from, host or host:port)");
            }
            run(c, Operation.of(kind, replica, below)).ifPresent(done -> c.print(replica + "<" + below));
        });
    }

    private static Command aboutOne(String section, String name, Kind kind) {
        return perInstance(section, name, kind.help(), c -> {
            InstanceKey instance = c.exactInstance();
            run(c, Operation.of(kind, instance)).ifPresent(done -> c.print(instance));
        });
    }

    private static Command takeover(String name, Kind kind) {
        return once(RECOVERY, name, kind.help(), c -> {
            Operation wish = Operation.of(kind, primary(c), c.destination());
            run(c, wish).map(OperationOutcome::recovery).ifPresent(recovery -> print(c, recovery));
        });
    }

    private static void print(Call call, RecoveryRecord recovery) {
        call.print(String.valueOf(recovery.successor()));
        if (recovery.successorCoordinates() != null) {
            call.print(recovery.successorCoordinates());
        }
        if (!recovery.errors().isEmpty()) {
            throw new OrchestratorException(
                    ErrorCode.COMMAND_FAILED,
                    recovery.successor() + " is the primary now, but: " + String.join("; ", recovery.errors()));
        }
    }

    /** The primary of the cluster named by {@code -alias} or by the exact name of a member. */
    private static InstanceKey primary(Call call) {
        String alias = call.option("alias");
        Cluster cluster = alias != null
                ? call.orchestrator().cluster(alias)
                : call.orchestrator().cluster(call.exactInstance().toString());
        if (cluster.primary() == null) {
            throw new OrchestratorException(
                    ErrorCode.REFUSED, "the cluster " + cluster.name() + " has no primary, or more than one");
        }
        return cluster.primary();
    }

    /** Runs it; empty when it was only to be shown. */
    private static Optional<OperationOutcome> run(Call call, Operation wish) {
        if (call.isOn("noop")) {
            call.print(PlanText.of(call.orchestrator().operations().plan(wish)));
            return Optional.empty();
        }
        OperationOutcome outcome = call.orchestrator().operations().run(wish, call.actor());
        if (!outcome.succeeded()) {
            throw new OrchestratorException(code(outcome), outcome.problem());
        }
        return Optional.of(outcome);
    }

    private static ErrorCode code(OperationOutcome outcome) {
        return outcome.refusal()
                .map(v -> v.refusal() == RefusalReason.LOCKED ? ErrorCode.LOCKED : ErrorCode.REFUSED)
                .orElse(ErrorCode.COMMAND_FAILED);
    }
}
