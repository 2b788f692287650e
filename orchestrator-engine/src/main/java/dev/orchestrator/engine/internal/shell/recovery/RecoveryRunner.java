package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.LockImpact;
import dev.orchestrator.engine.internal.core.decision.RecoveryGates;
import dev.orchestrator.engine.internal.core.plan.DeadPrimaryPlanner;
import dev.orchestrator.engine.internal.core.plan.Phases;
import dev.orchestrator.spi.AuditStore;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.RecoveryStore.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one wish to recover through all that stands before and around the deeds: gates, locks, fresh reads, the slot, the
 * record, and its end.
 */
final class RecoveryRunner {
    private static final Logger log = LoggerFactory.getLogger(RecoveryRunner.class);

    private static final int RECENTLY = 100;
    private static final Set<AnalysisCode> DOUBTFUL = EnumSet.of(
            AnalysisCode.UNREACHABLE_PRIMARY,
            AnalysisCode.UNREACHABLE_PRIMARY_WITH_LAGGING_REPLICAS,
            AnalysisCode.UNREACHABLE_CO_PRIMARY,
            AnalysisCode.UNREACHABLE_INTERMEDIATE_SOURCE,
            AnalysisCode.UNREACHABLE_INTERMEDIATE_SOURCE_WITH_LAGGING_REPLICAS);
    private static final int LOOKS = 30;
    private static final Duration JOURNAL = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final RecoveryPorts ports;
    private final Gatekeeper gates;
    private final LockTaking locks;
    private final StepJournal journal;
    private final DecisionBook book;
    private final OpenWays ways;
    private final Fences fences;
    private final Keepers keepers;
    private final Pauses pauses;
    private final Executor threads;
    private final Circumstances circumstances;
    private final Set<String> running;

    /** What outlives a single recovery. */
    record Tools(
            StepJournal journal, DecisionBook book, Fences fences, Keepers keepers, Pauses pauses, Executor threads) {}

    RecoveryRunner(RecoveryPorts ports, Tools tools) {
        this(ports, tools, Circumstances.USUAL, ConcurrentHashMap.newKeySet());
    }

    private RecoveryRunner(RecoveryPorts ports, Tools tools, Circumstances circumstances, Set<String> running) {
        this.circumstances = circumstances;
        this.running = running;
        this.ports = ports;
        this.locks = new LockTaking(ports.locks());
        this.gates = new Gatekeeper(ports, locks, tools.threads());
        this.journal = tools.journal();
        this.book = tools.book();
        this.fences = tools.fences();
        this.keepers = tools.keepers();
        this.pauses = tools.pauses();
        this.threads = tools.threads();
        this.ways = new OpenWays(ports, threads);
    }

    /** The same for one recovery that has to do without the backend. */
    RecoveryRunner inTheField(
            RecoveryPorts fieldPorts, StepJournal fieldSteps, Fences fieldFences, Circumstances away) {
        Tools tools = new Tools(fieldSteps, book, fieldFences, keepers, pauses, threads);
        return new RecoveryRunner(fieldPorts, tools, away, running);
    }

    /** Whether a recovery is being run by this process. */
    boolean isRunning(String uid) {
        return running.contains(uid);
    }

    /** What would be done now. Reads anew, locks and changes nothing. */
    Decision plan(Attempt wish) {
        Fleet fleet = readAnew(wish.failed());
        Attempt attempt = wish.with(analyze(fleet, wish.failed()));
        List<GateVerdict> quick = gates.quickLook(attempt, fleet);
        if (!RecoveryGates.passed(quick)) {
            return new Decision(attempt.finding(), quick, null);
        }
        try {
            Gatekeeper.Said said = askBackend(attempt, fleet);
            RecoveryOrder order = Gatekeeper.order(attempt, fleet, said.facts().intents(), said.locks());
            return gates.decide(attempt, fleet, gates.ask(attempt, fleet, said.facts()), order);
        } catch (OrchestratorException e) {
            return Gatekeeper.backendAway(attempt, quick, e);
        }
    }

    /** Decides, and does it if nothing refuses. Returns when it is over. */
    RecoveryOutcome attempt(Attempt attempt) {
        Fleet fleet = ports.fleet().current();
        List<GateVerdict> quick = gates.quickLook(attempt, fleet);
        if (!RecoveryGates.passed(quick)) {
            return refused(new Decision(attempt.finding(), quick, null));
        }
        try {
            if (book.last(attempt.failed()).flatMap(Decision::refusal).isEmpty()) {
                ways.open(attempt.failed(), fleet);
            }
            Gatekeeper.Said said = askBackend(attempt, fleet);
            List<GateVerdict> verdicts = gates.ask(attempt, fleet, said.facts());
            if (!RecoveryGates.passed(verdicts)) {
                return refused(new Decision(attempt.finding(), verdicts, null));
            }
            String uid = UUID.randomUUID().toString();
            Optional<LockTaking.Taken> taken = locks.take(
                    fleet.canonical(attempt.failed()),
                    replicas(fleet, attempt.failed()),
                    attempt.actor(),
                    lockReason(uid, attempt.failed()),
                    said.locks());
            if (taken.isEmpty()) {
                return refused(lockedMeanwhile(attempt, fleet, said));
            }
            try (MaintenanceLock lock = taken.get().lock()) {
                return locked(
                        attempt,
                        uid,
                        said,
                        new LockTaking.Taken(lock, taken.get().impact()));
            }
        } catch (OrchestratorException e) {
            return refused(Gatekeeper.backendAway(attempt, quick, e));
        }
    }

    /**
     * Reads a failed server and its replicas anew for a person's order: again for about three seconds while the server is
     * silent and its replicas were read before it fell silent, or have not noticed yet.
     */
    Fleet readAnew(InstanceKey failed) {
        Fleet fleet = gates.readAnew(failed);
        for (int look = 1; look < LOOKS && isDoubtful(fleet, failed) && pauses.pause(BETWEEN_LOOKS); look++) {
            fleet = gates.readAnew(failed);
        }
        return fleet;
    }

    private boolean isDoubtful(Fleet fleet, InstanceKey failed) {
        FailureAnalysis finding = analyze(fleet, failed);
        return finding != null && DOUBTFUL.contains(finding.code());
    }

    /** The text by which the locks of a recovery are known. */
    static String lockReason(String uid, InstanceKey failed) {
        return "recovery " + uid + " of " + failed;
    }

    private static List<InstanceKey> replicas(Fleet fleet, InstanceKey failed) {
        return fleet.replicasOf(failed).stream().map(FleetMember::key).toList();
    }

    private Gatekeeper.Said askBackend(Attempt attempt, Fleet fleet) {
        return gates.askBackend(
                attempt,
                fleet.member(attempt.failed()).orElseThrow().cluster(),
                fleet.canonical(attempt.failed()),
                replicas(fleet, attempt.failed()));
    }

    private Decision lockedMeanwhile(Attempt attempt, Fleet fleet, Gatekeeper.Said said) {
        Gatekeeper.Said now = askBackend(attempt, fleet);
        List<GateVerdict> verdicts = gates.ask(attempt, fleet, now.facts());
        if (RecoveryGates.passed(verdicts)) {
            verdicts = new ArrayList<>(verdicts);
            verdicts.add(new GateVerdict(
                    "is no lock in the way", RefusalReason.LOCKED, "somebody else locks and unlocks the same servers"));
        }
        return new Decision(attempt.finding(), verdicts, null);
    }

    /** With the locks in hand: reads anew, asks again, registers and runs. */
    private RecoveryOutcome locked(Attempt wish, String uid, Gatekeeper.Said said, LockTaking.Taken taken) {
        Fleet fleet = gates.readAnew(wish.failed());
        Attempt attempt = wish.with(analyze(fleet, wish.failed()));
        LockImpact impact = taken.impact();
        RecoveryOrder order = Gatekeeper.order(attempt, fleet, said.facts().intents(), impact);
        List<InstanceKey> unlocked = new ArrayList<>(order.participants());
        unlocked.removeAll(taken.lock().instances());
        List<GateVerdict> verdicts = gates.ask(attempt, fleet, said.facts());
        Decision decision = circumstances.explained(gates.decide(attempt, fleet, verdicts, order));
        if (decision.refusal().isPresent() || !unlocked.isEmpty()) {
            return refused(unlocked.isEmpty() ? decision : changedMeanwhile(decision, unlocked));
        }
        Optional<Lease> lease = ports.leadership().held().map(h -> h.lease());
        if (attempt.automatic() && lease.isEmpty()) {
            return refused(with(decision, RefusalReason.STALE_EPOCH, "the leadership ended while deciding"));
        }
        Lease under = attempt.automatic() ? lease.orElse(null) : null;
        RecoveryRecord record = record(attempt, uid, fleet, order, under);
        Authority authority = under == null
                ? Authority.ofLocks(taken.lock(), ports.ticker())
                : Authority.ofLease(ports.leadership(), under);
        Registration registration = ports.recoveries().register(record, authority.right());
        switch (registration.outcome()) {
            case STALE_EPOCH:
                return refused(with(decision, RefusalReason.STALE_EPOCH, "the backend knows a later leader"));
            case CLUSTER_BUSY:
                return refused(with(decision, RefusalReason.RECOVERY_ACTIVE, busy(registration)));
            case REGISTERED:
                break;
        }
        if (attempt.automatic()) {
            book.record(attempt.failed(), record.clusterName(), decision);
        }
        return new RecoveryOutcome(decision, run(record, order, authority, fleet));
    }

    private static String busy(Registration registration) {
        RecoveryRecord other = registration.other();
        return other == null
                ? "another recovery of the cluster is under way"
                : "recovery " + other.uid() + " of " + other.failed() + " is under way since " + other.startedAt();
    }

    private static Decision changedMeanwhile(Decision decision, List<InstanceKey> unlocked) {
        return with(
                decision,
                RefusalReason.LOCKED,
                unlocked + " became replicas after the locks were taken; it is decided again");
    }

    private static Decision with(Decision decision, RefusalReason reason, String facts) {
        List<GateVerdict> verdicts = new ArrayList<>(decision.verdicts());
        verdicts.add(new GateVerdict("can it be registered", reason, facts));
        return new Decision(decision.analysis(), verdicts, null);
    }

    private static RecoveryOutcome refused(Decision decision) {
        return new RecoveryOutcome(decision, null);
    }

    private @Nullable FailureAnalysis analyze(Fleet fleet, InstanceKey instance) {
        return ports.reanalysis().analyze(fleet, fleet.canonical(instance)).orElse(null);
    }

    private RecoveryRecord record(
            Attempt attempt, String uid, Fleet fleet, RecoveryOrder order, @Nullable Lease lease) {
        FleetMember failed = fleet.member(order.failed()).orElseThrow();
        FailureAnalysis finding = Objects.requireNonNull(attempt.finding());
        Optional<Cluster> cluster = fleet.cluster(failed.cluster());
        Instant since = failed.failingSince();
        return RecoveryRecord.builder(
                        uid,
                        failed.cluster(),
                        finding.code(),
                        order.failed(),
                        attempt.actor(),
                        ports.clock().instant())
                .clusterName(cluster.map(Cluster::name).orElse(""))
                .clusterAlias(cluster.map(Cluster::alias).orElse(""))
                .failedUuid(failed.facts().map(Instance::serverUuid).orElse(""))
                .replicaCount(order.replicas().size())
                .replicas(order.replicas())
                .node(ports.node())
                .nodeToken(ports.nodeToken())
                .epoch(lease == null ? 0 : lease.epoch())
                .detectedAt(since == null ? attempt.confirmedAt() : since)
                .confirmedAt(attempt.confirmedAt())
                .gtidsAtDetection(failed.facts().map(Instance::executedGtids).orElse(null))
                .build();
    }

    /** A registered recovery begins in this process. */
    void begin(RecoveryRecord record) {
        running.add(record.uid());
        tellBegin(record);
    }

    /** It is no longer run by this process. */
    void over(String uid) {
        running.remove(uid);
    }

    private RecoveryRecord run(RecoveryRecord record, RecoveryOrder order, Authority authority, Fleet fleet) {
        try {
            begin(record);
            RecordKeeper keeper = new RecordKeeper(ports.recoveries(), authority.right(), record);
            RecoveryRun run = context(record.uid(), order, authority, keeper, 0);
            if (!circumstances.remark().isEmpty()) {
                run.log().note(Phases.DECIDE, order.failed(), circumstances.remark());
            }
            FirstWriteWatch firstWrites = new FirstWriteWatch(ports, pauses, threads);
            boolean done = record.analysis().isOfIntermediateSource()
                    ? new DeadIntermediateRecovery(run).run(fleet)
                    : new DeadPrimaryRecovery(run, fences, firstWrites, circumstances).run(fleet);
            return end(run, done);
        } finally {
            over(record.uid());
        }
    }

    /** What the phases of a recovery share. */
    RecoveryRun context(String uid, RecoveryOrder order, Authority authority, RecordKeeper keeper, int lastStep) {
        keepers.add(keeper);
        RunLog steps = new RunLog(uid, ports, journal, lastStep);
        PlanExecutor executor = new PlanExecutor(ports, threads, authority, steps);
        DeadPrimaryPlanner planner = new DeadPrimaryPlanner(ports.config(), order.failed());
        return new RecoveryRun(ports, order, authority, executor, steps, keeper, planner, pauses, threads);
    }

    private void tellBegin(RecoveryRecord record) {
        log.atWarn()
                .addKeyValue("cluster", record.clusterAlias())
                .addKeyValue("instance", record.failed())
                .addKeyValue("analysis", record.analysis())
                .addKeyValue("recovery", record.uid())
                .addKeyValue("actor", record.actor())
                .log("recovery begins");
        ports.events()
                .publish(new OrchestratorEvent.RecoveryStarted(ports.clock().instant(), record));
        audit(record, "begins: " + record.analysis().description());
        if (record.epoch() == 0) {
            acknowledgeFormer(record);
        }
    }

    /** A person who orders a recovery knows of the ones before. */
    private void acknowledgeFormer(RecoveryRecord record) {
        try {
            ports.recoveries()
                    .acknowledge(
                            new RecoveryStore.Filter(null, null, null, null, record.failed(), false, true, 0, RECENTLY),
                            record.actor(),
                            "a recovery was ordered by hand: " + record.uid());
        } catch (OrchestratorException e) {
            log.atWarn().setCause(e).log("former recoveries of {} cannot be acknowledged", record.failed());
        }
    }

    /** Writes and tells the end, unless the right to act is gone: then the recovery is somebody else's. */
    RecoveryRecord end(RecoveryRun run, boolean successful) {
        RecordKeeper keeper = run.keeper();
        if (run.executor().isRightLost()) {
            keeper.saveIfPossible();
            log.atError()
                    .addKeyValue("recovery", keeper.current().uid())
                    .log("the right to act is gone; the next leader goes on with this recovery");
            return keeper.current();
        }
        RecoveryRecord ended =
                keeper.edit(r -> r.successful(successful).endedAt(ports.clock().instant()));
        keeper.saveEnd(pauses);
        journal.flush(JOURNAL);
        ports.events().publish(new OrchestratorEvent.RecoveryEnded(ports.clock().instant(), ended));
        String what = successful ? "ended: " + result(ended) : "failed: " + ended.errors();
        audit(ended, what);
        log.atWarn()
                .addKeyValue("cluster", ended.clusterAlias())
                .addKeyValue("instance", ended.failed())
                .addKeyValue("recovery", ended.uid())
                .addKeyValue("successful", successful)
                .log("recovery {}", what);
        return ended;
    }

    private static String result(RecoveryRecord ended) {
        String others = "; replicas not following: " + ended.lostReplicas() + ". ";
        return ended.analysis().isOfIntermediateSource()
                ? "its replicas replicate from " + ended.successor() + others
                : ended.successor() + " is the primary" + others + ended.lossNote();
    }

    private static String auditType(AnalysisCode analysis) {
        if (analysis == AnalysisCode.GRACEFUL_TAKEOVER) {
            return "graceful-master-takeover";
        }
        return analysis.isOfIntermediateSource() ? "recover-dead-intermediate-master" : "recover-dead-master";
    }

    private void audit(RecoveryRecord record, String message) {
        ports.audit()
                .record(new AuditStore.Entry(
                        0,
                        null,
                        auditType(record.analysis()),
                        record.failed(),
                        record.clusterName(),
                        record.actor(),
                        "recovery " + record.uid() + " " + message));
    }
}
