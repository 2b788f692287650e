package dev.orchestrator.engine.internal.shell.refactor;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.Operations;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.refactor.FenceLifting;
import dev.orchestrator.engine.internal.core.refactor.Proposal;
import dev.orchestrator.engine.internal.core.refactor.RefactoringPlanner;
import dev.orchestrator.engine.internal.shell.recovery.Authority;
import dev.orchestrator.engine.internal.shell.recovery.PlanExecutor;
import dev.orchestrator.engine.internal.shell.recovery.RecoveryCoordinator;
import dev.orchestrator.engine.internal.shell.recovery.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.recovery.StepLog;
import dev.orchestrator.engine.internal.shell.recovery.StepResult;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.AuditStore;
import dev.orchestrator.spi.IntentStore.Fence;
import dev.orchestrator.spi.RecoveryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operators' wishes on the caller's thread, whoever leads: reads anew, plans, locks what is touched, reads and plans
 * again, runs the plan behind guards that lie within the lock, and proves from a fresh reading that the wish is
 * fulfilled. Thread-safe.
 */
public final class OperationRunner implements Operations, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OperationRunner.class);
    private static final Duration READ = Duration.ofSeconds(2);
    private static final Duration PROOF = Duration.ofSeconds(5);
    private static final Duration BETWEEN_READINGS = Duration.ofMillis(100);
    private static final Duration IN_FLIGHT = Duration.ofSeconds(10);

    private final RecoveryPorts ports;
    private final RecoveryCoordinator recovery;
    private final FreshPicture picture;
    private final ExecutorService threads = NamedExecutors.blocking("operation");
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * A runner.
     *
     * @param ports what it reaches out to
     * @param recovery runs takeovers
     * @param picture told of the servers that were changed
     */
    public OperationRunner(RecoveryPorts ports, RecoveryCoordinator recovery, FreshPicture picture) {
        this.ports = ports;
        this.recovery = recovery;
        this.picture = picture;
    }

    @Override
    public Decision plan(Operation wish) {
        if (wish.kind().isTakeover()) {
            return recovery.planTakeover(wish);
        }
        Proposal proposal = propose(wish);
        if (proposal.plan() == null) {
            return proposal.decision();
        }
        List<GateVerdict> verdicts = new ArrayList<>(proposal.verdicts());
        foreignLock(proposal).ifPresent(verdicts::add);
        return new Decision(null, verdicts, verdicts.stream().allMatch(GateVerdict::passed) ? proposal.plan() : null);
    }

    @Override
    public OperationOutcome run(Operation wish, Actor actor) {
        Objects.requireNonNull(actor, "actor");
        if (wish.kind().isTakeover()) {
            OperationOutcome takeover = recovery.takeOver(wish, actor);
            if (takeover.recovery() != null) {
                picture.show(takeover.recovery());
            }
            return takeover;
        }
        OperationOutcome outcome = attempt(wish, actor);
        audit(wish, actor, outcome);
        return outcome;
    }

    private OperationOutcome attempt(Operation wish, Actor actor) {
        Proposal first = propose(wish);
        if (first.plan() == null) {
            return OperationOutcome.refused(wish, first.decision());
        }
        String uid = UUID.randomUUID().toString();
        try (MaintenanceLock lock = ports.locks().acquire(first.locks(), actor, wish.toString())) {
            return locked(wish, actor, uid, first, lock);
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.LOCKED) {
                throw e;
            }
            String holder = Objects.requireNonNullElse(e.getMessage(), "somebody else holds the lock");
            return OperationOutcome.refused(
                    wish, with(first, new GateVerdict("is no lock in the way", RefusalReason.LOCKED, holder)));
        }
    }

    /** With the locks in hand: what no longer holds is not acted on. */
    private OperationOutcome locked(Operation wish, Actor actor, String uid, Proposal first, MaintenanceLock lock) {
        Proposal proposal = propose(wish);
        if (proposal.plan() == null) {
            return OperationOutcome.refused(wish, proposal.decision());
        }
        if (!lock.instances().containsAll(proposal.locks().all())
                || !first.touched().containsAll(proposal.touched())) {
            String facts = first.locks().all() + " were locked, but now "
                    + proposal.locks().all() + " would take part";
            return OperationOutcome.refused(
                    wish, with(proposal, new GateVerdict("is no lock in the way", RefusalReason.LOCKED, facts)));
        }
        OperationSteps steps = new OperationSteps(uid, ports.clock(), ports.ticker());
        PlanExecutor executor = new PlanExecutor(ports, threads, Authority.ofLocks(lock, ports.ticker()), steps);
        try {
            String failure = wish.kind().liftsFence() ? lift(wish, actor, lock, steps) : execute(executor, proposal);
            if (failure.isEmpty()) {
                failure = prove(wish, proposal, steps);
            }
            if (!failure.isEmpty()) {
                failure = undo(executor, proposal, failure);
            }
            return new OperationOutcome(
                    wish, proposal.decision(), steps.all(), failure.isEmpty() ? null : failure, null);
        } finally {
            executor.awaitInFlight(IN_FLIGHT);
            picture.show(named(wish));
        }
    }

    private Proposal propose(Operation wish) {
        List<Fence> fences = ports.intents().read().fences();
        Fleet fleet = ports.fleet().refresh(concerned(wish, fences), READ);
        Proposal proposal = new RefactoringPlanner(fleet, ports.config(), fences).plan(wish);
        if (proposal.plan() == null) {
            return proposal;
        }
        ClusterId cluster = proposal.plan().cluster();
        Optional<RecoveryRecord> active = ports.recoveries().find(RecoveryStore.Filter.active()).stream()
                .filter(r -> r.cluster().equals(cluster))
                .findFirst();
        return active.map(r -> new Proposal(
                        plus(
                                proposal.verdicts(),
                                new GateVerdict(
                                        "is no recovery of the cluster active",
                                        RefusalReason.RECOVERY_ACTIVE,
                                        "recovery " + r.uid() + " of " + r.failed() + " is under way since "
                                                + r.startedAt() + ", by " + r.actor())),
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        proposal.proof()))
                .orElse(proposal);
    }

    /** Everybody on whose present state the answer depends. */
    private List<InstanceKey> concerned(Operation wish, List<Fence> fences) {
        List<InstanceKey> keys = new ArrayList<>(named(wish));
        if (wish.kind().liftsFence()) {
            FenceLifting lifting = new FenceLifting(ports.fleet().current(), fences);
            lifting.fenceOf(wish.instance()).map(lifting::others).ifPresent(keys::addAll);
        }
        return keys;
    }

    private static List<InstanceKey> named(Operation wish) {
        Set<InstanceKey> keys = new LinkedHashSet<>(List.of(wish.instance()));
        if (wish.destination() != null) {
            keys.add(wish.destination());
        }
        return List.copyOf(keys);
    }

    private Optional<GateVerdict> foreignLock(Proposal proposal) {
        return ports.locks().active().stream()
                .filter(l -> proposal.locks().isBlockedBy(l.instance(), l.shared()))
                .findFirst()
                .map(l -> new GateVerdict("is no lock in the way", RefusalReason.LOCKED, LockWords.describe(l)));
    }

    private static Decision with(Proposal proposal, GateVerdict verdict) {
        return new Decision(null, plus(proposal.verdicts(), verdict), null);
    }

    private static List<GateVerdict> plus(List<GateVerdict> verdicts, GateVerdict verdict) {
        List<GateVerdict> all = new ArrayList<>(verdicts);
        all.add(verdict);
        return all;
    }

    /** Under the locks: nobody of the cluster is promoted meanwhile. */
    private String lift(Operation wish, Actor actor, MaintenanceLock lock, OperationSteps steps) {
        StepLog.Running step = steps.begin("lift", wish.instance(), "lift its fence");
        FenceLifting lifting =
                new FenceLifting(ports.fleet().current(), ports.intents().read().fences());
        lock.check();
        lifting.fenceOf(wish.instance())
                .ifPresent(f -> recovery.liftFence(f.serverUuid(), "lifted by " + actor + "; " + f.note()));
        step.done("");
        return "";
    }

    private static String execute(PlanExecutor executor, Proposal proposal) {
        for (Stage stage : Objects.requireNonNull(proposal.plan()).stages()) {
            for (StepResult result : executor.perform(stage)) {
                if (!result.done() && result.step().required()) {
                    return result.step().describe() + ": " + result.inWords();
                }
            }
        }
        return "";
    }

    private String prove(Operation wish, Proposal proposal, StepLog steps) {
        StepLog.Running step = steps.begin("verify", wish.instance(), "read back");
        long begun = ports.ticker().nanos();
        while (true) {
            Fleet fleet = ports.fleet().refresh(named(wish), READ);
            String missing = proposal.proof().missing(fleet);
            if (missing.isEmpty()) {
                step.done("");
                return "";
            }
            if (ports.ticker().nanos() - begun > PROOF.toNanos() || !pause()) {
                step.failed(missing);
                return "it was done, but read back " + wish.instance() + " says: " + missing;
            }
        }
    }

    private boolean pause() {
        try {
            return !closing.await(BETWEEN_READINGS.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String undo(PlanExecutor executor, Proposal proposal, String failure) {
        if (proposal.undo().isEmpty()) {
            return failure;
        }
        for (Stage stage : proposal.undo()) {
            for (StepResult result : executor.perform(stage)) {
                if (!result.done()) {
                    return failure + "; and it could not be taken back: "
                            + result.step().describe() + ": " + result.inWords();
                }
            }
        }
        return failure + "; it was taken back";
    }

    private void audit(Operation wish, Actor actor, OperationOutcome outcome) {
        Fleet fleet = ports.fleet().current();
        InstanceKey instance = fleet.canonical(wish.instance());
        String cluster = fleet.member(instance)
                .flatMap(m -> fleet.cluster(m.cluster()))
                .map(Cluster::name)
                .orElse("");
        String message = outcome.refusal()
                .map(v -> "refused: " + v.refusal() + ": " + v.facts())
                .orElse(outcome.failure() == null ? done(wish, outcome) : "failed: " + outcome.failure());
        ports.audit().record(new AuditStore.Entry(0, null, wish.kind().auditType(), instance, cluster, actor, message));
        log.atInfo()
                .addKeyValue("cluster", cluster)
                .addKeyValue("instance", instance)
                .addKeyValue("actor", actor)
                .addKeyValue("operation", wish.kind())
                .log(message);
    }

    private static String done(Operation wish, OperationOutcome outcome) {
        return switch (wish.kind()) {
            case RELOCATE -> "relocated " + wish.instance() + " below " + wish.destination();
            case MOVE_GTID -> "moved " + wish.instance() + " below " + wish.destination();
            case START_REPLICA -> "Started replication";
            case STOP_REPLICA -> "Stopped replication";
            case RESTART_REPLICA -> "Restarted replication";
            case SET_READ_ONLY -> "set as true";
            case SET_WRITEABLE -> "set as false";
            case LIFT_FENCE, FORCE_LIFT_FENCE -> lifted(outcome);
            case GRACEFUL_TAKEOVER, GRACEFUL_TAKEOVER_AUTO ->
                outcome.recovery() == null
                        ? ""
                        : "recovery " + outcome.recovery().uid();
        };
    }

    /** With what the decision found: by force, somebody may be writable. */
    private static String lifted(OperationOutcome outcome) {
        List<GateVerdict> verdicts = outcome.decision().verdicts();
        return "its fence was lifted: " + verdicts.get(verdicts.size() - 1).facts();
    }

    /** Ends waiting for proofs, lets running steps end, and frees the threads. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(IN_FLIGHT.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            threads.shutdownNow();
        }
    }
}
