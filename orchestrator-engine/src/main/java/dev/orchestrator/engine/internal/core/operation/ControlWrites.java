package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.FenceOperation;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.phase.OrderedCommands;
import dev.orchestrator.engine.internal.core.phase.ReadBack;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes a server read-only or writable. */
final class ControlWrites {
    /** Making a server read-only waits for commits and table locks, and kills who holds them for too long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Fleet fleet;
    private final OrchestratorConfig config;
    private final List<Fence> fences;

    ControlWrites(OperationContext context) {
        this.fleet = context.fleet();
        this.config = context.config();
        this.fences = context.fences();
    }

    PlannedOperation readOnly(InstanceKey key) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> me = verdicts.reach(fleet, key);
        if (me.isEmpty()) {
            return PlannedOperation.refused(verdicts.answers());
        }
        Instance server = me.get();
        List<String> notes = server.isWritable()
                ? List.of("who holds up the change for longer than a second is disconnected")
                : List.of("it is read-only already");
        return proposal(verdicts, server, true, "make " + server.key() + " read-only", notes);
    }

    PlannedOperation writable(InstanceKey key) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> me = verdicts.reach(fleet, key);
        boolean free = me.isPresent()
                && verdicts.ask("may it be written", RefusalReason.FENCED, fenced(me.get()), "it is not fenced");
        if (!free) {
            return PlannedOperation.refused(verdicts.answers());
        }
        Instance server = me.get();
        List<String> notes = server.source()
                .map(s -> List.of("it replicates from " + s + ": what is written to it is nowhere else"))
                .orElse(List.of());
        return proposal(verdicts, server, false, "make " + server.key() + " writable", notes);
    }

    private PlannedOperation proposal(
            Verdicts verdicts, Instance server, boolean readOnly, String title, List<String> notes) {
        Procedure procedure = new Procedure(
                title,
                List.of(
                        new OrderedCommands(
                                readOnly ? "read-only" : "writeable",
                                server.key(),
                                List.of(new InstanceCommand.SetReadOnly(readOnly)),
                                TIMEOUT),
                        new ReadBack(server.key(), i -> notAsWanted(i, readOnly))),
                List.of());
        return new PlannedOperation(
                verdicts.answers(),
                new PlannedOperation.Work(
                        fleet.member(server.key()).orElseThrow().cluster(),
                        procedure,
                        PlannedOperation.terms(fleet, server.key(), server.key(), config),
                        List.of(server.key()),
                        List.of(),
                        notes));
    }

    private static String notAsWanted(Instance instance, boolean readOnly) {
        if (instance.readOnly() == readOnly) {
            return "";
        }
        return readOnly ? "it is writable" : "it is read-only";
    }

    private Optional<String> fenced(Instance server) {
        return fences.stream()
                .filter(f -> f.serverUuid().equals(server.serverUuid()) && f.state() != FenceState.LIFTED)
                .findFirst()
                .map(f -> server.key() + " is a former primary and must stay read-only, because " + f.note()
                        + "; let it replicate from " + f.successor() + ", or lift its fence ("
                        + FenceOperation.LiftFence.TYPE.command() + ") first");
    }
}
