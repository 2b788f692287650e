package dev.orchestrator.engine.internal.core.refactor;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.Plan;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.spi.IntentStore.Fence;
import dev.orchestrator.spi.IntentStore.FenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Plans operators' wishes about single servers on a picture. Takeovers are planned elsewhere. */
public final class RefactoringPlanner {
    /** A stop that hangs in Connecting takes about two seconds; longer means that the server itself hangs. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

    /** Making a server read-only waits for commits and table locks, and kills who holds them for too long. */
    private static final Duration READ_ONLY_TIMEOUT = Duration.ofSeconds(10);

    private static final String STOP = "stop";
    private static final String MOVE = "move";
    private static final String START = "start";
    private static final String BACK = "back";

    private final Fleet fleet;
    private final OrchestratorConfig config;
    private final List<Fence> fences;

    /**
     * A planner.
     *
     * @param fleet the picture
     * @param config the settings
     * @param fences servers that must stay read-only
     */
    public RefactoringPlanner(Fleet fleet, OrchestratorConfig config, List<Fence> fences) {
        this.fleet = fleet;
        this.config = config;
        this.fences = List.copyOf(fences);
    }

    /**
     * Plans a wish.
     *
     * @param wish the wish; no takeover
     * @return the plan, or the refusal
     */
    public Proposal plan(Operation wish) {
        return switch (wish.kind()) {
            case RELOCATE, MOVE_GTID -> move(wish.instance(), Objects.requireNonNull(wish.destination()));
            case START_REPLICA -> replication(wish.instance(), "start replication on ", false, true);
            case STOP_REPLICA -> replication(wish.instance(), "stop replication on ", true, false);
            case RESTART_REPLICA -> replication(wish.instance(), "restart replication on ", true, true);
            case SET_READ_ONLY -> readOnly(wish.instance());
            case SET_WRITEABLE -> writeable(wish.instance());
            case LIFT_FENCE, FORCE_LIFT_FENCE -> new FenceLifting(fleet, fences).plan(wish);
            case GRACEFUL_TAKEOVER, GRACEFUL_TAKEOVER_AUTO ->
                throw new IllegalArgumentException("a takeover is not planned here: " + wish);
        };
    }

    private Proposal move(InstanceKey wanted, InstanceKey destination) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> me = verdicts.reach(fleet, wanted);
        Optional<Instance> other = me.flatMap(m -> verdicts.reach(fleet, destination));
        if (me.isEmpty() || other.isEmpty()) {
            return Proposal.refused(verdicts.answers());
        }
        Instance replica = me.get();
        Instance source = other.get();
        Legality legality = new Legality(fleet, config);
        boolean legal = verdicts.ask(
                        "is it a replica of one source", RefusalReason.NOT_A_REPLICA, notOneSource(replica), "it is")
                && verdicts.ask(
                        "may it be moved there",
                        RefusalReason.ILLEGAL_MOVE,
                        legality.forbidden(replica, source),
                        "no circle arises")
                && verdicts.ask(
                        "can it replicate from there",
                        RefusalReason.ILLEGAL_MOVE,
                        legality.cannotReplicateFrom(replica, source),
                        "versions, formats and identities fit")
                && verdicts.ask(
                        "can it be moved by GTID",
                        RefusalReason.ILLEGAL_MOVE,
                        legality.cannotMoveByGtid(replica, source),
                        "it replicates by auto-position, and nothing it needs is purged there");
        return legal ? moved(verdicts, replica, source) : Proposal.refused(verdicts.answers());
    }

    private static Optional<String> notOneSource(Instance replica) {
        int channels = replica.channels().size();
        if (channels == 1) {
            return Optional.empty();
        }
        return Optional.of(
                channels == 0
                        ? replica.key() + " replicates from nobody"
                        : replica.key() + " replicates from " + channels + " sources, and which is meant is not said");
    }

    private Proposal moved(Verdicts verdicts, Instance replica, Instance source) {
        ReplicationChannel channel = replica.channels().get(0);
        List<String> notes = new ArrayList<>();
        boolean applierStands = channel.applier() != ReplicationThreadState.RUNNING;
        if (applierStands) {
            notes.add("its applier does not run and is left as it is");
        }
        if (fleet.canonical(channel.source()).equals(source.key())) {
            notes.add("it replicates from there already");
            List<Stage> stages = channel.receiver() == ReplicationThreadState.STOPPED
                    ? List.of(one(START, replica, new InstanceCommand.StartReceiver(channel.name())))
                    : List.of();
            return proposal(verdicts, replica, "keep " + replica.key() + " below " + source.key(), stages, notes)
                    .andBelow(source.key())
                    .andProof(f -> notFollowing(f, replica.key(), source));
        }
        List<Stage> stages = List.of(
                stage(STOP, step(replica, new InstanceCommand.StopReceiver(channel.name()), STOP_TIMEOUT)),
                one(MOVE, replica, new InstanceCommand.Repoint(channel.name(), source.key())),
                one(START, replica, new InstanceCommand.StartReceiver(channel.name())));
        return proposal(verdicts, replica, "move " + replica.key() + " below " + source.key(), stages, notes)
                .andBelow(source.key())
                .andUndo(back(replica, channel))
                .andProof(f -> notFollowing(f, replica.key(), source));
    }

    private static List<Stage> back(Instance replica, ReplicationChannel channel) {
        List<Stage> stages = new ArrayList<>();
        stages.add(stage(BACK, step(replica, new InstanceCommand.StopReceiver(channel.name()), STOP_TIMEOUT)));
        stages.add(one(BACK, replica, new InstanceCommand.Repoint(channel.name(), channel.source())));
        if (channel.receiver() != ReplicationThreadState.STOPPED) {
            stages.add(one(BACK, replica, new InstanceCommand.StartReceiver(channel.name())));
        }
        return stages;
    }

    private static String notFollowing(Fleet now, InstanceKey replica, Instance source) {
        return channel(now, replica)
                .map(c -> {
                    boolean there = now.canonical(c.source()).equals(source.key());
                    boolean runs = c.receiver() == ReplicationThreadState.RUNNING;
                    return there && runs
                            ? ""
                            : "its receiver is " + c.receiver() + " from " + c.source()
                                    + (c.lastReceiverError().isEmpty() ? "" : ": " + c.lastReceiverError());
                })
                .orElse("it does not answer");
    }

    private Proposal replication(InstanceKey key, String title, boolean stop, boolean start) {
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
            return Proposal.refused(verdicts.answers());
        }
        Instance replica = me.get();
        List<Stage> stages = new ArrayList<>();
        if (stop) {
            stages.add(eachChannel(STOP, replica, InstanceCommand.StopReplication::new, STOP_TIMEOUT));
        }
        if (start) {
            stages.add(eachChannel(START, replica, InstanceCommand.StartReplication::new, COMMAND_TIMEOUT));
        }
        return proposal(verdicts, replica, title + replica.key(), stages, semiSyncNotes(replica, stop))
                .andProof(f -> notInState(f, replica.key(), start));
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

    private static String notInState(Fleet now, InstanceKey key, boolean running) {
        Optional<Instance> instance =
                now.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
        if (instance.isEmpty()) {
            return "it does not answer";
        }
        for (ReplicationChannel c : instance.get().channels()) {
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

    private Proposal readOnly(InstanceKey key) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> me = verdicts.reach(fleet, key);
        if (me.isEmpty()) {
            return Proposal.refused(verdicts.answers());
        }
        Instance server = me.get();
        List<String> notes = server.isWritable()
                ? List.of("who holds up the change for longer than a second is disconnected")
                : List.of("it is read-only already");
        Stage stage = stage("read-only", step(server, new InstanceCommand.SetReadOnly(true), READ_ONLY_TIMEOUT));
        return proposal(verdicts, server, "make " + server.key() + " read-only", List.of(stage), notes)
                .andProof(f -> instance(f, server.key())
                        .map(i -> i.readOnly() ? "" : "it is writable")
                        .orElse("it does not answer"));
    }

    private Proposal writeable(InstanceKey key) {
        Verdicts verdicts = new Verdicts();
        Optional<Instance> me = verdicts.reach(fleet, key);
        boolean free = me.isPresent()
                && verdicts.ask("may it be written", RefusalReason.FENCED, fenced(me.get()), "it is not fenced");
        if (!free) {
            return Proposal.refused(verdicts.answers());
        }
        Instance server = me.get();
        List<String> notes = server.source()
                .map(s -> List.of("it replicates from " + s + ": what is written to it is nowhere else"))
                .orElse(List.of());
        Stage stage = one("writeable", server, new InstanceCommand.SetReadOnly(false));
        return proposal(verdicts, server, "make " + server.key() + " writable", List.of(stage), notes)
                .andProof(f -> instance(f, server.key())
                        .map(i -> i.isWritable() ? "" : "it is read-only")
                        .orElse("it does not answer"));
    }

    private Optional<String> fenced(Instance server) {
        return fences.stream()
                .filter(f -> f.serverUuid().equals(server.serverUuid()) && f.state() != FenceState.LIFTED)
                .findFirst()
                .map(f -> server.key() + " is a former primary and must stay read-only, because " + f.note()
                        + "; let it replicate from " + f.successor() + ", or lift its fence ("
                        + Operation.Kind.LIFT_FENCE.command() + ") first");
    }

    private static Optional<Instance> instance(Fleet fleet, InstanceKey key) {
        return fleet.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
    }

    private static Optional<ReplicationChannel> channel(Fleet fleet, InstanceKey key) {
        return instance(fleet, key).flatMap(Instance::mainChannel);
    }

    private Planned proposal(Verdicts verdicts, Instance server, String title, List<Stage> stages, List<String> notes) {
        ClusterId cluster = fleet.member(server.key()).orElseThrow().cluster();
        return new Planned(
                verdicts, new Plan(title, cluster, stages, notes), List.of(server.key()), List.of(), List.of());
    }

    /** A proposal on its way. */
    private record Planned(
            Verdicts verdicts, Plan plan, List<InstanceKey> touched, List<InstanceKey> sources, List<Stage> undo) {
        /** Nobody shall change the server a replica is moved below; others may be moved there at the same time. */
        Planned andBelow(InstanceKey source) {
            return new Planned(verdicts, plan, touched, List.of(source), undo);
        }

        Planned andUndo(List<Stage> stages) {
            return new Planned(verdicts, plan, touched, sources, stages);
        }

        Proposal andProof(Proof proof) {
            return new Proposal(verdicts.answers(), plan, touched, sources, undo, proof);
        }
    }

    private static Stage eachChannel(
            String name, Instance server, Function<String, InstanceCommand> command, Duration timeout) {
        return new Stage(
                name,
                server.channels().stream()
                        .map(c -> step(server, command.apply(c.name()), timeout))
                        .toList());
    }

    private static Stage one(String name, Instance server, InstanceCommand command) {
        return stage(name, step(server, command, COMMAND_TIMEOUT));
    }

    private static Stage stage(String name, PlanStep step) {
        return new Stage(name, List.of(step));
    }

    private static PlanStep step(Instance server, InstanceCommand command, Duration timeout) {
        return new PlanStep(server.key(), server.serverUuid(), command, timeout, true, false);
    }
}
