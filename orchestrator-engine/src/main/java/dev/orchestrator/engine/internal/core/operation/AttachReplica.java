package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.phase.OrderedCommands;
import dev.orchestrator.engine.internal.core.phase.ReadBack;
import dev.orchestrator.engine.internal.core.phase.Restore;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Attaches a replica anew. Below another server that is a move; to the source it has already, its receiver is stopped and
 * started, also where it stood still, and told its source by the name that we know it by if it has another. The applier and
 * what was received are left alone.
 */
final class AttachReplica {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final OperationContext context;
    private final Fleet fleet;
    private final OrchestratorConfig config;

    AttachReplica(OperationContext context) {
        this.context = context;
        this.fleet = context.fleet();
        this.config = context.config();
    }

    /** The replica, and the server it is to be attached to as far as that is known. */
    List<InstanceKey> concerned(InstanceKey replica, @Nullable InstanceKey below) {
        List<InstanceKey> all = new ArrayList<>(List.of(replica));
        Optional.ofNullable(below).or(() -> source(replica)).ifPresent(all::add);
        return all;
    }

    private Optional<InstanceKey> source(InstanceKey replica) {
        return fleet.member(replica).flatMap(fleet::sourceOf).map(FleetMember::key);
    }

    PlannedOperation propose(InstanceKey replica, @Nullable InstanceKey below) {
        Optional<InstanceKey> source = source(replica);
        if (below != null && !source.equals(Optional.of(fleet.canonical(below)))) {
            return new MoveReplica(context).propose(replica, below);
        }
        return again(replica);
    }

    private PlannedOperation again(InstanceKey wanted) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> found = MoveReplica.replica(verdicts, fleet, wanted);
        Optional<Instance> source = found.map(r -> r.channels().get(0).source())
                .map(fleet::canonical)
                .flatMap(key -> verdicts.reach(fleet, key));
        if (found.isEmpty() || source.isEmpty()) {
            return PlannedOperation.refused(verdicts.answers());
        }
        Instance replica = found.get();
        boolean legal = verdicts.ask(
                "can it go on there by GTID",
                RefusalReason.ILLEGAL_MOVE,
                new ReplicationRules(fleet, config).cannotMoveByGtid(replica, source.get()),
                "it replicates by auto-position, and nothing it needs is purged there");
        return legal ? attached(verdicts, replica, source.get()) : PlannedOperation.refused(verdicts.answers());
    }

    private PlannedOperation attached(Verdicts verdicts, Instance replica, Instance source) {
        ReplicationChannel channel = replica.channels().get(0);
        List<String> notes = channel.applier() == ReplicationThreadState.RUNNING
                ? List.of()
                : List.of("its applier does not run and is left as it is");
        List<Phase> phases = new ArrayList<>();
        phases.add(order("stop", replica, new InstanceCommand.StopReceiver(channel.name()), STOP_TIMEOUT));
        if (!channel.source().equals(source.key())) {
            InstanceCommand renamed = new InstanceCommand.Repoint(channel.name(), source.key());
            phases.add(order("repoint", replica, renamed, TIMEOUT));
        }
        phases.add(order("start", replica, new InstanceCommand.StartReceiver(channel.name()), TIMEOUT));
        phases.add(new ReadBack(replica.key(), now -> notAttached(now, channel.name(), source.key())));
        Procedure procedure = new Procedure(
                "attach " + replica.key() + " anew to " + source.key(), phases, List.of(new Restore(false)));
        return new PlannedOperation(
                verdicts.answers(),
                new PlannedOperation.Work(
                        fleet.member(replica.key()).orElseThrow().cluster(),
                        procedure,
                        PlannedOperation.terms(fleet, replica.key(), source.key(), config),
                        List.of(replica.key()),
                        List.of(source.key()),
                        notes));
    }

    private static OrderedCommands order(String name, Instance replica, InstanceCommand command, Duration timeout) {
        return new OrderedCommands(name, replica.key(), List.of(command), timeout);
    }

    private String notAttached(Instance now, String channel, InstanceKey source) {
        ReplicationChannel c = now.channels().stream()
                .filter(each -> each.name().equals(channel))
                .findFirst()
                .orElse(null);
        if (c == null || !fleet.canonical(c.source()).equals(source)) {
            return "it replicates from " + (c == null ? "nobody" : c.source());
        }
        return c.receiver() == ReplicationThreadState.RUNNING
                ? ""
                : "its receiver is " + c.receiver() + " " + c.lastReceiverError();
    }
}
