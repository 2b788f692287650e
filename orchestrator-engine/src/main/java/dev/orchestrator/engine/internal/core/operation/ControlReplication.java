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
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Starts, stops or restarts replication on a server, on all of its channels. */
final class ControlReplication {
    /** A stop that hangs in Connecting takes about two seconds; longer means that the server itself hangs. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(5);

    private final Fleet fleet;
    private final OrchestratorConfig config;

    ControlReplication(OperationContext context) {
        this.fleet = context.fleet();
        this.config = context.config();
    }

    PlannedOperation start(InstanceKey replica) {
        return propose(replica, "start replication on", false, true);
    }

    PlannedOperation stop(InstanceKey replica) {
        return propose(replica, "stop replication on", true, false);
    }

    PlannedOperation restart(InstanceKey replica) {
        return propose(replica, "restart replication on", true, true);
    }

    private PlannedOperation propose(InstanceKey key, String title, boolean stop, boolean start) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> me = verdicts.reach(fleet, key);
        boolean fits = me.isPresent()
                && verdicts.ask(
                        "is it a replica",
                        RefusalReason.NOT_A_REPLICA,
                        me.get().channels().isEmpty() ? Optional.of(key + " replicates from nobody") : Optional.empty(),
                        "it is")
                && (!start
                        || verdicts.ask(
                                "does starting keep what was received",
                                RefusalReason.ILLEGAL_MOVE,
                                dropsRelayLog(me.get()),
                                "it does"));
        if (!fits) {
            return PlannedOperation.refused(verdicts.answers());
        }
        Instance replica = me.get();
        List<Phase> phases = new ArrayList<>();
        if (stop) {
            phases.add(order("stop", replica, InstanceCommand.StopReplication::new, STOP_TIMEOUT));
        }
        if (start) {
            phases.add(order("start", replica, InstanceCommand.StartReplication::new, START_TIMEOUT));
        }
        phases.add(new ReadBack(replica.key(), i -> notInState(i, start)));
        return new PlannedOperation(
                verdicts.answers(),
                new PlannedOperation.Work(
                        fleet.member(replica.key()).orElseThrow().cluster(),
                        new Procedure(title + " " + replica.key(), phases, List.of()),
                        PlannedOperation.terms(fleet, replica.key(), replica.key(), config),
                        List.of(replica.key()),
                        List.of(),
                        semiSyncNotes(replica, stop)));
    }

    private static Phase order(
            String name, Instance replica, Function<String, InstanceCommand> command, Duration timeout) {
        List<InstanceCommand> commands = replica.channels().stream()
                .map(ReplicationChannel::name)
                .map(command)
                .toList();
        return new OrderedCommands(name, replica.key(), commands, timeout);
    }

    /** MariaDB throws the relay log away when a GTID receiver starts; that is harmless while the source has it still. */
    private Optional<String> dropsRelayLog(Instance replica) {
        Optional<ReplicationChannel> channel = replica.mainChannel().filter(ReplicationChannel::mariaDbGtid);
        boolean undrained =
                !replica.receivedGtids().minus(replica.executedGtids()).isEmpty();
        boolean sourceGone = fleet.member(replica.key())
                .flatMap(fleet::sourceOf)
                .filter(FleetMember::isReachable)
                .isEmpty();
        return channel.isPresent() && undrained && sourceGone
                ? Optional.of("it holds transactions it has not applied, which a start would throw away, and its source"
                        + " does not answer: "
                        + replica.receivedGtids().minus(replica.executedGtids()))
                : Optional.empty();
    }

    private List<String> semiSyncNotes(Instance replica, boolean stop) {
        boolean waitedFor = replica.semiSync().replicaEnabled()
                && fleet.member(replica.key())
                        .flatMap(fleet::sourceOf)
                        .flatMap(FleetMember::facts)
                        .filter(s -> s.semiSync().sourceEnabled()
                                && s.semiSync().clients() <= s.semiSync().waitForReplicas())
                        .isPresent();
        return stop && waitedFor
                ? List.of("its source waits for its acknowledgements (semi-sync): commits there stall while it stands")
                : List.of();
    }

    private static String notInState(Instance instance, boolean running) {
        for (ReplicationChannel c : instance.channels()) {
            boolean stands =
                    c.receiver() == ReplicationThreadState.STOPPED || c.applier() == ReplicationThreadState.STOPPED;
            boolean goes =
                    c.receiver() != ReplicationThreadState.STOPPED || c.applier() != ReplicationThreadState.STOPPED;
            if (running ? stands : goes) {
                return "its receiver is " + c.receiver() + " and its applier " + c.applier() + errors(c);
            }
        }
        return "";
    }

    private static String errors(ReplicationChannel c) {
        String text = (c.lastReceiverError() + " " + c.lastApplierError()).strip();
        return text.isEmpty() ? "" : ": " + text;
    }
}
