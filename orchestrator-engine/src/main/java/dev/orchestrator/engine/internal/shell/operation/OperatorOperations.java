package dev.orchestrator.engine.internal.shell.operation;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.Operations;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.shell.discovery.FreshPicture;
import dev.orchestrator.engine.internal.shell.execution.ChangeRunner;
import dev.orchestrator.engine.internal.shell.execution.Prepared;
import dev.orchestrator.engine.internal.shell.recovery.RecoveryCoordinator;
import dev.orchestrator.engine.internal.shell.recovery.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operators' wishes on the caller's thread, whoever leads, and writes down who ordered what and what came of it.
 * Thread-safe.
 */
public final class OperatorOperations implements Operations, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OperatorOperations.class);
    private static final Duration IN_FLIGHT = Duration.ofSeconds(10);

    private final RecoveryPorts ports;
    private final RecoveryCoordinator recovery;
    private final FreshPicture picture;
    private final ExecutorService threads = NamedExecutors.blocking("operation");
    private final OperationChange.Parts parts;

    /**
     * Operations.
     *
     * @param ports what it reaches out to
     * @param recovery runs takeovers
     * @param picture told of the servers that were changed
     */
    public OperatorOperations(RecoveryPorts ports, RecoveryCoordinator recovery, FreshPicture picture) {
        this.ports = ports;
        this.recovery = recovery;
        this.picture = picture;
        this.parts = new OperationChange.Parts(ports, recovery, picture, threads);
    }

    @Override
    public Decision plan(Operation wish) {
        if (wish.kind().isTakeover()) {
            return recovery.planTakeover(wish);
        }
        Prepared<OperationChange.Ready> prepared = new OperationChange(parts, wish, ports.automatic()).look();
        if (!prepared.isAllowed()) {
            return prepared.decision();
        }
        return ports.locks().active().stream()
                .filter(l -> prepared.locks().isBlockedBy(l.instance(), l.shared()))
                .findFirst()
                .map(l -> ChangeRunner.with(prepared.decision(), RefusalReason.LOCKED, LockWords.describe(l)))
                .orElse(prepared.decision());
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
        OperationOutcome outcome =
                new ChangeRunner(ports.locks()::acquire, ports.runs()).attempt(new OperationChange(parts, wish, actor));
        audit(wish, actor, outcome);
        return outcome;
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
        ports.audit().record(new AuditEntry(0, null, wish.kind().auditType(), instance, cluster, actor, message));
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

    /** Lets running steps end, and frees the threads. Idempotent. */
    @Override
    public void close() {
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
