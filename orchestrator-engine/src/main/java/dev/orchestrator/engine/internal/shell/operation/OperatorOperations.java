package dev.orchestrator.engine.internal.shell.operation;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.facade.Operations;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.OperationType;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.engine.internal.core.decision.ChangeGates;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.operation.OperationBinding;
import dev.orchestrator.engine.internal.core.operation.OperationProcedures;
import dev.orchestrator.engine.internal.core.topology.Place;
import dev.orchestrator.engine.internal.shell.discovery.FleetPublisher;
import dev.orchestrator.engine.internal.shell.execution.ChangeRunner;
import dev.orchestrator.engine.internal.shell.execution.Prepared;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.recovery.RecoveryCoordinator;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operators' orders on the caller's thread, whoever leads, and writes down who ordered what and what came of it.
 * Thread-safe.
 */
public final class OperatorOperations implements Operations, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OperatorOperations.class);
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final Duration IN_FLIGHT = Duration.ofSeconds(5);

    private final RecoveryPorts ports;
    private final RecoveryCoordinator recovery;
    private final FleetPublisher snapshot;
    private final ExecutorService threads = NamedExecutors.blocking("operation");
    private final OperationChange.Parts parts;

    /**
     * Operations.
     *
     * @param ports what it reaches out to
     * @param recovery runs takeovers
     * @param snapshot told of the servers that were changed
     */
    public OperatorOperations(RecoveryPorts ports, RecoveryCoordinator recovery, FleetPublisher snapshot) {
        this.ports = ports;
        this.recovery = recovery;
        this.snapshot = snapshot;
        this.parts = new OperationChange.Parts(ports, recovery.fences(), threads);
    }

    @Override
    public Decision plan(Operation operation) {
        return OperationProcedures.of(operation).match(new OperationBinding.Cases<>() {
            @Override
            public Decision direct(OperationBinding.Direct it) {
                return planDirect(new OperationChange(parts, operation, it, ports.automatic()));
            }

            @Override
            public Decision switchover(OperationBinding.Switchover it) {
                return recovery.planTakeover(it);
            }
        });
    }

    private Decision planDirect(OperationChange change) {
        Prepared<OperationChange.Ready> prepared = change.look();
        if (!prepared.isAllowed()) {
            return prepared.decision();
        }
        return ChangeGates.blocker(prepared.locks(), ports.locks().active())
                .map(l -> ChangeGates.refused(prepared.decision(), RefusalReason.LOCKED, LockWords.describe(l)))
                .orElse(prepared.decision());
    }

    @Override
    public OperationOutcome run(Operation operation, Actor actor) {
        Objects.requireNonNull(actor, "actor");
        return OperationProcedures.of(operation).match(new OperationBinding.Cases<>() {
            @Override
            public OperationOutcome direct(OperationBinding.Direct it) {
                return runDirect(new OperationChange(parts, operation, it, actor));
            }

            @Override
            public OperationOutcome switchover(OperationBinding.Switchover it) {
                OperationOutcome outcome = recovery.takeOver(it, actor);
                return outcome.recovery() == null ? outcome : outcome.noting(snapshot.show(outcome.recovery()));
            }
        });
    }

    private OperationOutcome runDirect(OperationChange change) {
        OperationOutcome outcome;
        String unseen;
        try {
            outcome = new ChangeRunner(ports.locks()::acquire, ports.runs()).attempt(change);
            audit(outcome, change.actor());
        } finally {
            unseen = change.touched().isEmpty() ? "" : snapshot.show(change.touched());
        }
        return outcome.noting(unseen);
    }

    private void audit(OperationOutcome outcome, Actor actor) {
        Place place = ports.fleet().placeOf(outcome.server());
        InstanceKey instance = place.server();
        String cluster = place.clusterName();
        OperationType<?> type = outcome.operation().type();
        String message = type.auditMessage(outcome);
        ports.audit().record(new AuditEntry(0, null, type.auditType(), instance, cluster, actor, message));
        log.atInfo()
                .addKeyValue("cluster", cluster)
                .addKeyValue("instance", instance)
                .addKeyValue("actor", actor)
                .addKeyValue("operation", type.command())
                .log(message);
    }

    /** Lets running orders come to their end or be taken back, and frees the threads. Idempotent. */
    @Override
    public void close() {
        ports.runs().endAll("the engine is closing", CLOSING);
        NamedExecutors.end(threads, IN_FLIGHT);
    }
}
