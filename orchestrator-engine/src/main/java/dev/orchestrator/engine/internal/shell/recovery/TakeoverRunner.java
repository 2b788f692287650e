package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.ChannelSettings;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.Operation.Kind;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.plan.DeadPrimaryPlanner;
import dev.orchestrator.engine.internal.core.refactor.TakeoverPlanner;
import dev.orchestrator.engine.internal.core.refactor.TakeoverProposal;
import dev.orchestrator.engine.internal.core.refactor.TakeoverSteps;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.RecoveryStore.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Takes an operator's takeover through all that stands before and around it: gates, locks, fresh reads, the slot. */
final class TakeoverRunner {
    private static final Duration CREDENTIALS = Duration.ofSeconds(2);

    private final RecoveryPorts ports;
    private final RecoveryRunner runner;
    private final LockTaking locks;
    private final Pauses pauses;
    private final Executor threads;

    TakeoverRunner(RecoveryPorts ports, RecoveryRunner runner, Pauses pauses, Executor threads) {
        this.ports = ports;
        this.runner = runner;
        this.locks = new LockTaking(ports.locks());
        this.pauses = pauses;
        this.threads = threads;
    }

    /** A proposal that passed all gates, and how the former primary will replicate; or the refusal. */
    private record Ready(
            Fleet fleet, TakeoverProposal proposal, Decision decision, InstanceCommand.@Nullable AttachTo attach) {}

    /** What would be done now. Reads anew, locks and changes nothing. */
    Decision plan(Operation wish) {
        Fleet fleet = readAnew(wish.instance());
        InstanceKey primary = fleet.canonical(wish.instance());
        LockImpact impact = locks.impact(primary, replicas(fleet, primary));
        Ready ready = prepare(wish, fleet, impact.excluded());
        if (ready.decision().refusal().isEmpty() && impact.refusing() != null) {
            return ready.proposal()
                    .refusedBy(
                            "is no lock in the way",
                            RefusalReason.LOCKED,
                            LockWords.describe(Objects.requireNonNull(impact.refusing())));
        }
        return ready.decision();
    }

    /** Decides, and does it if nothing refuses. Returns when it is over. */
    OperationOutcome attempt(Operation wish, Actor actor) {
        Fleet fleet = readAnew(wish.instance());
        Ready first = prepare(wish, fleet, Map.of());
        if (first.decision().refusal().isPresent()) {
            return OperationOutcome.refused(wish, first.decision());
        }
        String uid = UUID.randomUUID().toString();
        InstanceKey primary = fleet.canonical(wish.instance());
        List<InstanceKey> replicas = first.proposal().replicas();
        Optional<LockTaking.Taken> taken =
                locks.take(primary, replicas, actor, RecoveryRunner.lockReason(uid, primary) + ": " + wish);
        if (taken.isEmpty()) {
            LockImpact now = locks.impact(primary, replicas);
            String holder = now.refusing() == null
                    ? "somebody else locks and unlocks the same servers"
                    : LockWords.describe(now.refusing());
            return OperationOutcome.refused(
                    wish, first.proposal().refusedBy("is no lock in the way", RefusalReason.LOCKED, holder));
        }
        try (MaintenanceLock lock = taken.get().lock()) {
            return locked(
                    wish, actor, uid, new LockTaking.Taken(lock, taken.get().impact()));
        }
    }

    /** With the locks in hand: reads anew, asks again, registers and runs. */
    private OperationOutcome locked(Operation wish, Actor actor, String uid, LockTaking.Taken taken) {
        Fleet fleet = readAnew(wish.instance());
        Map<InstanceKey, String> excluded = taken.impact().excluded();
        Ready ready = prepare(wish, fleet, excluded);
        if (ready.decision().refusal().isPresent()) {
            return OperationOutcome.refused(wish, ready.decision());
        }
        TakeoverProposal proposal = ready.proposal();
        List<InstanceKey> unlocked = new ArrayList<>(proposal.replicas());
        unlocked.removeAll(taken.lock().instances());
        unlocked.removeAll(excluded.keySet());
        if (!unlocked.isEmpty()) {
            return OperationOutcome.refused(
                    wish,
                    proposal.refusedBy(
                            "is no lock in the way",
                            RefusalReason.LOCKED,
                            unlocked + " became replicas after the locks were taken; try again"));
        }
        RecoveryRecord record = record(wish, actor, uid, fleet, proposal);
        Authority authority = Authority.ofLocks(taken.lock(), ports.ticker());
        Registration registration = ports.recoveries().register(record, authority.right());
        if (registration.outcome() != Registration.Outcome.REGISTERED) {
            RecoveryRecord other = registration.other();
            String facts = other == null
                    ? "another recovery of the cluster is under way"
                    : "recovery " + other.uid() + " of " + other.failed() + " is under way since " + other.startedAt();
            return OperationOutcome.refused(
                    wish, proposal.refusedBy("can it be registered", RefusalReason.RECOVERY_ACTIVE, facts));
        }
        return run(wish, ready, record, authority);
    }

    private OperationOutcome run(Operation wish, Ready ready, RecoveryRecord record, Authority authority) {
        TakeoverProposal proposal = ready.proposal();
        Instance primary = Objects.requireNonNull(proposal.primary());
        Instance successor = Objects.requireNonNull(proposal.successor());
        Map<InstanceKey, dev.orchestrator.api.model.PromotionRule> rules = Map.of();
        RecoveryOrder order = new RecoveryOrder(
                primary.key(), proposal.replicas(), proposal.leftAlone(), rules, successor.key(), false);
        runner.begin(record);
        try {
            RecordKeeper keeper = new RecordKeeper(ports.recoveries(), authority.right(), record);
            RecoveryRun run = runner.context(record.uid(), order, authority, keeper, 0);
            PrimaryTakeover.Parties parties = new PrimaryTakeover.Parties(
                    primary,
                    successor,
                    Objects.requireNonNull(ready.attach()),
                    wish.kind() == Kind.GRACEFUL_TAKEOVER_AUTO);
            boolean promoted = new PrimaryTakeover(run, parties, new FirstWriteWatch(ports, pauses, threads)).run();
            RecoveryRecord ended = runner.end(run, promoted);
            acknowledge(ended);
            String failure = promoted ? null : String.join("; ", ended.errors());
            return new OperationOutcome(
                    wish, ready.decision(), ports.recoveries().steps(record.uid()), failure, ended);
        } finally {
            runner.over(record.uid());
        }
    }

    /** What a person ordered does not keep the next recovery from being done. */
    private void acknowledge(RecoveryRecord ended) {
        if (!ended.isActive()) {
            ports.recoveries()
                    .acknowledge(
                            RecoveryStore.Filter.byUid(ended.uid()),
                            ended.actor(),
                            "a takeover by order; it must not block the next recovery");
        }
    }

    private Ready prepare(Operation wish, Fleet fleet, Map<InstanceKey, String> locked) {
        TakeoverProposal proposal =
                new TakeoverPlanner(fleet, ports.config(), ports.intents().read(), locked).plan(wish);
        if (!proposal.passed()) {
            return new Ready(fleet, proposal, new Decision(null, proposal.verdicts(), null), null);
        }
        Instance successor = Objects.requireNonNull(proposal.successor());
        try {
            Optional<ChannelSettings> settings = ports.gateway()
                    .channelSettings(
                            successor.key(),
                            successor.mainChannel().orElseThrow().name(),
                            CREDENTIALS);
            return settings.flatMap(s ->
                            s.credentials().map(c -> new InstanceCommand.AttachTo(successor.key(), c, s.options())))
                    .map(a -> new Ready(fleet, proposal, passed(wish, fleet, proposal, a), a))
                    .orElseGet(() -> withoutCredentials(
                            fleet,
                            proposal,
                            "mysql.slave_master_info of " + successor.key() + " holds no account and password"));
        } catch (OrchestratorException e) {
            return withoutCredentials(fleet, proposal, Objects.requireNonNullElse(e.getMessage(), ""));
        }
    }

    private static Ready withoutCredentials(Fleet fleet, TakeoverProposal proposal, String why) {
        Decision refused = proposal.refusedBy(
                "can the former primary log in at its successor",
                RefusalReason.NO_CREDENTIALS,
                "the account it would replicate by cannot be had: " + why
                        + "; grant SELECT on mysql.slave_master_info to our account on the replicas");
        return new Ready(fleet, proposal, refused, null);
    }

    private Decision passed(Operation wish, Fleet fleet, TakeoverProposal proposal, InstanceCommand.AttachTo attach) {
        DeadPrimaryPlanner planner = new DeadPrimaryPlanner(
                ports.config(), Objects.requireNonNull(proposal.primary()).key());
        boolean start = wish.kind() == Kind.GRACEFUL_TAKEOVER_AUTO;
        return new Decision(null, proposal.verdicts(), TakeoverSteps.preview(fleet, proposal, planner, attach, start));
    }

    private RecoveryRecord record(Operation wish, Actor actor, String uid, Fleet fleet, TakeoverProposal proposal) {
        Instance primary = Objects.requireNonNull(proposal.primary());
        FleetMember member = fleet.member(primary.key()).orElseThrow();
        Optional<Cluster> cluster = fleet.cluster(member.cluster());
        return RecoveryRecord.builder(
                        uid,
                        member.cluster(),
                        AnalysisCode.GRACEFUL_TAKEOVER,
                        primary.key(),
                        actor,
                        ports.clock().instant())
                .clusterName(cluster.map(Cluster::name).orElse(""))
                .clusterAlias(cluster.map(Cluster::alias).orElse(""))
                .failedUuid(primary.serverUuid())
                .replicaCount(proposal.replicas().size())
                .replicas(proposal.replicas())
                .node(ports.node())
                .nodeToken(ports.nodeToken())
                .epoch(0)
                .gtidsAtDetection(primary.executedGtids())
                .build();
    }

    private Fleet readAnew(InstanceKey instance) {
        Fleet known = ports.fleet().current();
        InstanceKey primary = known.canonical(instance);
        List<InstanceKey> all = new ArrayList<>(replicas(known, primary));
        all.add(primary);
        return ports.fleet().refresh(all, RecoveryRun.READ.multipliedBy(2));
    }

    private static List<InstanceKey> replicas(Fleet fleet, InstanceKey primary) {
        return fleet.replicasOf(primary).stream().map(FleetMember::key).toList();
    }
}
