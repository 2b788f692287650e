package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRequest;
import dev.orchestrator.engine.internal.core.decision.RecoveryAttempt;
import dev.orchestrator.engine.internal.core.decision.Turns;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.topology.Place;
import dev.orchestrator.engine.internal.shell.execution.ChangeRunner;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.fencing.FenceEnforcer;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a finding to actions. Automatic recoveries run one per cluster, each on a thread of its own; an operator's order runs on
 * the caller's thread. Also keeps former primaries fenced and takes over what vanished nodes left half done, as long as
 * this node leads. Thread-safe.
 */
public final class RecoveryCoordinator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RecoveryCoordinator.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    /** What is only being decided begins nothing any more; it is awaited so that it ends without noise. */
    private static final Duration DECIDING = Duration.ofSeconds(2);

    /** Fences and looks that are under way: their guards end them. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(5);

    private final RecoveryPorts ports;
    private final ExecutorService threads = NamedExecutors.blocking("recovery");
    private final ScheduledExecutorService ticks = NamedExecutors.scheduler("recovery-tick", 1);
    private final Sleeper sleeper = new Sleeper();
    private final BackendStores stores;
    private final StepJournal journal;
    private final RecoveryRuns runs;
    private final RecoveryChange.Parts parts;
    private final Gatekeeper gates;
    private final FenceEnforcer fences;
    private final ResumedRecoveries interrupted;
    private final DecisionBook book;
    private final NotActedOn notActedOn;
    private final @Nullable SelfHostedBackendRecovery home;
    private final UnderWay underWay;

    /**
     * A coordinator; idle until told of something.
     *
     * @param ports what it reaches out to
     * @param home what it needs for the backend's own primary, null when that is not recovered
     */
    public RecoveryCoordinator(RecoveryPorts ports, @Nullable SelfHostedBackendAccess home) {
        this.ports = ports;
        this.underWay = new UnderWay(ports.clocks().ticker());
        this.journal = new StepJournal(ports.recoveries()::saveStep);
        this.stores = new BackendStores(ports, threads);
        this.book = new DecisionBook(
                ports.events(), ports.audit(), ports.automatic(), ports.clocks().day());
        LatestRecords records = new LatestRecords(ports.recoveries(), book);
        this.fences = new FenceEnforcer(ports, records, threads);
        this.runs = new RecoveryRuns(ports, stores, new RecoveryRuns.Tools(journal, fences, records, sleeper, threads));
        this.gates = new Gatekeeper(ports, stores, threads);
        this.parts = new RecoveryChange.Parts(stores, ports.leadership(), gates, runs, book, RecoveryMode.USUAL);
        this.notActedOn = new NotActedOn(ports, gates, book);
        this.interrupted = new ResumedRecoveries(ports, runs, this::goOn);
        this.home = home == null ? null : new SelfHostedBackendRecovery(ports, home, parts, fences, threads);
    }

    /** Begins to look after fences and interrupted recoveries, whenever this node leads. */
    public void start() {
        ticks.execute(this::warmUp);
        ticks.scheduleWithFixedDelay(this::tick, 0, TICK.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void warmUp() {
        try {
            new WarmUp(ports.config(), ports.clocks(), threads).run();
            stores.rehearse();
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).log("the first recovery will be slower: the warm-up failed");
        }
    }

    /** Looks after them at once. To be told when this node has become the leader; never blocks. */
    public void leadershipGained() {
        try {
            ticks.execute(() -> {
                interrupted.leadershipGained();
                tick();
            });
        } catch (RejectedExecutionException e) {
            log.debug("closing: leadership is of no more use");
        }
    }

    private void tick() {
        try {
            SelfHostedBackendRecovery own = home;
            if (own != null) {
                own.bring();
            }
            if (interrupted.tick()) {
                underWay.forgetPauses();
            }
            fences.tick();
            notActedOn.tick();
        } catch (RuntimeException e) {
            log.atWarn()
                    .setCause(e)
                    .log(
                            "fences, interrupted recoveries and findings without one cannot be looked after; trying again");
        }
    }

    /**
     * Takes actionable findings of one cluster. Told again as long as they stand; never blocks.
     *
     * @param findings what was found, the most severe first
     */
    public void handle(List<FailureAnalysis> findings) {
        Instant now = ports.clocks().instant();
        for (FailureAnalysis finding : underWay.take(findings)) {
            start(finding, now);
        }
    }

    private void start(FailureAnalysis finding, Instant confirmedAt) {
        try {
            threads.execute(() -> work(finding, confirmedAt));
        } catch (RejectedExecutionException e) {
            underWay.giveBack(finding, Turns.AFTER_REFUSAL);
        }
    }

    private void work(FailureAnalysis finding, Instant confirmedAt) {
        Duration pause = Turns.AFTER_REFUSAL;
        try {
            RecoveryAttempt attempt = RecoveryAttempt.automatic(finding, ports.automatic(), confirmedAt);
            SelfHostedBackendRecovery own = home;
            RecoveryOutcome outcome =
                    own != null && own.isCalledFor(attempt) ? own.attempt(attempt) : attempt(ports, parts, attempt);
            if (!outcome.attempted()) {
                book.record(finding.instance(), clusterName(finding.cluster()), outcome.decision());
            }
            pause = Turns.pauseAfter(outcome.refusal());
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("cluster", finding.cluster())
                    .addKeyValue("instance", finding.instance())
                    .setCause(e)
                    .log("a finding could not be dealt with");
        } finally {
            underWay.giveBack(finding, pause);
        }
    }

    /** Decides, and does it if nothing refuses. Returns when it is over. */
    static RecoveryOutcome attempt(RecoveryPorts ports, RecoveryChange.Parts parts, RecoveryAttempt attempt) {
        try {
            return new ChangeRunner(parts.stores()::lock, ports.runs())
                    .attempt(new RecoveryChange(ports, parts, attempt));
        } catch (OrchestratorException e) {
            if (e.code() == ErrorCode.NOT_RUNNING) {
                throw e;
            }
            List<GateVerdict> quick =
                    parts.gates().quickLook(attempt, ports.fleet().current());
            return new RecoveryOutcome(attempt.withoutBackend(quick, e), null);
        }
    }

    /** On a thread of its own, counted from now on. */
    private void goOn(Runnable interruptedOne) {
        if (!underWay.tryEnter()) {
            throw new RejectedExecutionException("closing");
        }
        try {
            threads.execute(() -> {
                try {
                    interruptedOne.run();
                } finally {
                    underWay.leave();
                }
            });
        } catch (RejectedExecutionException e) {
            underWay.leave();
            throw e;
        }
    }

    /**
     * Waits until no recovery is under way, automatic, ordered or gone on with, so that the lease it was begun under can
     * be given up.
     *
     * @param limit how long at most
     * @return whether none is under way
     */
    public boolean awaitIdle(Duration limit) {
        return underWay.awaitNone(limit);
    }

    /** Whether no automatic recovery is being decided or run. */
    boolean isIdle() {
        return underWay.isIdle();
    }

    private String clusterName(ClusterId id) {
        return ports.fleet().current().cluster(id).map(Cluster::name).orElse("");
    }

    /**
     * What would be done about a failed instance now. Blocks for the fresh reads; changes nothing.
     *
     * @param request the order
     * @return the decision
     */
    public Decision plan(RecoveryRequest request) {
        return gates.plan(requested(request), sleeper);
    }

    /**
     * Recovers by an operator's order. Blocks until it is over.
     *
     * @param request the order
     * @return what came of it
     */
    public RecoveryOutcome recover(RecoveryRequest request) {
        return underWay.during("recover " + request.failed(), () -> carryOut(request));
    }

    private RecoveryOutcome carryOut(RecoveryRequest request) {
        RecoveryAttempt requested = requested(request);
        Fleet fleet = ports.fleet().current();
        if (fleet.member(request.failed()).isPresent()) {
            gates.readUntilClear(request.failed(), sleeper);
        }
        Fleet fresh = ports.fleet().current();
        RecoveryOutcome outcome = attempt(ports, parts, requested.with(gates.analyze(fresh, request.failed())));
        // The outcome is told whether or not the snapshot can be had now.
        outcome.refusal()
                .ifPresent(v -> book.auditRefusal(
                        request.actor(),
                        request.failed(),
                        ports.fleet().placeOf(request.failed()).clusterName(),
                        v));
        return outcome;
    }

    private RecoveryAttempt requested(RecoveryRequest request) {
        return RecoveryAttempt.ordered(request, ports.clocks().instant());
    }

    /**
     * How a living primary would hand over now. Blocks for the fresh reads; changes nothing.
     *
     * @param order the switchover
     * @return the decision
     */
    public Decision planTakeover(OperationBinding.Switchover order) {
        return new SwitchoverChange(ports, runs, order, ports.automatic())
                .look()
                .decision();
    }

    /**
     * Lets a living primary hand over. Blocks until it is over.
     *
     * @param order the switchover
     * @param actor who orders it
     * @return what came of it
     */
    public OperationOutcome takeOver(OperationBinding.Switchover order, Actor actor) {
        return underWay.during(order.operation().describe(), () -> carryOut(order, actor));
    }

    private OperationOutcome carryOut(OperationBinding.Switchover order, Actor actor) {
        OperationOutcome outcome = new ChangeRunner(ports.locks()::acquire, ports.runs())
                .attempt(new SwitchoverChange(ports, runs, order, actor));
        Place place = ports.fleet().placeOf(order.primary());
        outcome.refusal()
                .ifPresent(v -> book.audit(
                        actor,
                        place.server(),
                        place.clusterName(),
                        outcome.operation().type().auditType(),
                        outcome.operation().type().auditMessage(outcome)));
        return outcome;
    }

    /**
     * Keeps former primaries from being written.
     *
     * @return this node's fences
     */
    public Fences fences() {
        return fences;
    }

    /**
     * The last automatic decision about an instance.
     *
     * @param key the instance
     * @return empty when there was nothing to decide
     */
    public Optional<Decision> lastDecision(InstanceKey key) {
        return book.last(ports.fleet().current().canonical(key)).or(() -> book.last(key));
    }

    /**
     * Begins nothing new, lets every change of this process come to its end or to a place where it can be given up, and
     * stops. What is not over by then is abandoned: its record stays active, and whoever leads next goes on with it.
     * Idempotent.
     */
    @Override
    public void close() {
        underWay.close();
        sleeper.close();
        ticks.shutdownNow();
        // What runs needs the threads until it is over: an end that comes of what could not be sent is none. And
        // fences: one that has named a successor makes it writable yet.
        ports.runs().endAll("the engine is closing", CLOSING);
        fences.close();
        awaitIdle(DECIDING);
        if (!NamedExecutors.end(threads, IN_FLIGHT)) {
            log.warn("something is under way still; its guard ends it");
        }
        journal.close();
    }
}
