package dev.orchestrator.cli.internal.command;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Argument;
import dev.orchestrator.api.operation.Argument.Form;
import dev.orchestrator.api.operation.ArgumentTexts;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.OperationType;
import dev.orchestrator.api.operation.ServerResult;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.standalone.text.KnownNames;
import dev.orchestrator.standalone.text.PlanText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CommandTable that change living topologies, made from the rows of the operations. With {@code -noop} each shows its plan and
 * does nothing.
 */
final class OperationCommands {
    private OperationCommands() {}

    static List<Command> all() {
        return OperationType.all().stream()
                .flatMap(type -> type.commands().stream().map(name -> command(name, type)))
                .toList();
    }

    private static Command command(String name, OperationType<?> type) {
        Command.Work work = c -> carryOut(c, type);
        return isPerInstance(type)
                ? Command.perInstance(type.section(), name, type.help(), work)
                : Command.once(type.section(), name, type.help(), work);
    }

    /** Whether several instances may be given at once, each an operation of its own. */
    private static boolean isPerInstance(OperationType<?> type) {
        Argument<?> first = type.parameters().get(0).argument();
        return first.form() == Form.INSTANCE && first.flag().equals("i");
    }

    private static void carryOut(CommandCall call, OperationType<?> type) {
        Operation operation = type.read(new Flags(call), new KnownNames(call.orchestrator(), call.fleet()));
        if (call.isOn("noop")) {
            call.print(PlanText.of(call.orchestrator().operations().plan(operation)));
            return;
        }
        OperationOutcome outcome = call.orchestrator().operations().run(operation, call.actor());
        if (!outcome.succeeded()) {
            throw new OrchestratorException(code(outcome), outcome.problem());
        }
        switch (type.answer()) {
            case SERVER -> fine(outcome).forEach(r -> call.print(r.server()));
            case REPLICA_AND_SOURCE -> fine(outcome).forEach(r -> call.print(r.server() + "<" + r.source()));
            case RECOVERY -> print(call, outcome.recovery());
        }
    }

    private static List<ServerResult> fine(OperationOutcome outcome) {
        return outcome.results().stream().filter(ServerResult::isFine).toList();
    }

    private static void print(CommandCall call, @Nullable RecoveryRecord recovery) {
        if (recovery == null) {
            return;
        }
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

    private static ErrorCode code(OperationOutcome outcome) {
        return outcome.refusal()
                .map(v -> v.refusal() == RefusalReason.LOCKED ? ErrorCode.LOCKED : ErrorCode.REFUSED)
                .orElse(ErrorCode.COMMAND_FAILED);
    }

    /** Arguments are flags. */
    private record Flags(CommandCall call) implements ArgumentTexts {
        @Override
        public @Nullable String text(Argument<?> argument) {
            return switch (argument.form()) {
                case INSTANCE -> call.given(argument.flag());
                case CLUSTER -> cluster(argument);
            };
        }

        /** A member is told from an alias by its port. */
        private @Nullable String cluster(Argument<?> argument) {
            String alias = call.option("alias");
            String member = call.given(argument.flag());
            return alias != null || member == null
                    ? alias
                    : InstanceKey.parse(member, call.orchestrator().config().defaultPort())
                            .toString();
        }

        @Override
        public String place(Argument<?> argument) {
            return switch (argument.form()) {
                case INSTANCE -> "-" + argument.flag();
                case CLUSTER -> "-alias or -" + argument.flag();
            };
        }
    }
}
