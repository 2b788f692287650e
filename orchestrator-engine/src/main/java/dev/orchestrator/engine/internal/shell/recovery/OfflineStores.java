package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.ChangeGates;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.core.decision.Stored;
import dev.orchestrator.engine.internal.core.selfhosted.Delivery;
import dev.orchestrator.engine.internal.core.selfhosted.OfflineLedger;
import dev.orchestrator.engine.internal.core.selfhosted.OfflineLock;
import dev.orchestrator.engine.internal.core.selfhosted.Remembered;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In place of the backend, for the one recovery that has to do without it: the recovery of the backend's own primary.
 * Answers from what the leader last read, takes what the recovery writes into memory and into a local journal, and brings
 * it to the backend when that is back. Thread-safe.
 */
final class OfflineStores implements RecoveryStores, Fences {
    private static final Logger log = LoggerFactory.getLogger(OfflineStores.class);

    private final Remembered remembered;
    private final OfflineJournal journal;
    private final RecoveryPorts ports;
    private final Fences enforcing;
    private final Delivery.Cases backend = new Bringing();
    private final Object bringing = new Object();
    // Guarded by the monitor.
    private final OfflineLedger ledger = new OfflineLedger();

    OfflineStores(Remembered remembered, OfflineJournal journal, RecoveryPorts ports, Fences enforcing) {
        this.remembered = remembered;
        this.journal = journal;
        this.ports = ports;
        this.enforcing = enforcing;
    }

    /** The recovery that was registered, as it stands; empty when none was. */
    synchronized Optional<RecoveryRecord> record() {
        return ledger.record();
    }

    @Override
    public synchronized Registration register(RecoveryRecord recovery, Right right) {
        journal.write("recovery", recovery.uid(), recovery.toString());
        ledger.take(recovery);
        return new Registration(Registration.Outcome.REGISTERED, null);
    }

    @Override
    public synchronized Optional<RecoveryRecord> find(String uid) {
        return ledger.record().filter(r -> r.uid().equals(uid));
    }

    @Override
    public synchronized boolean update(RecoveryRecord recovery, Right right) {
        journal.write("recovery", recovery.uid(), inWords(recovery));
        ledger.take(recovery);
        return true;
    }

    private static String inWords(RecoveryRecord r) {
        return r + ", successor " + r.successor() + ", promoted " + r.promotedAt() + ", ended " + r.endedAt()
                + ", successful " + r.successful() + ", errors " + r.errors();
    }

    @Override
    public synchronized void saveStep(RecoveryStepRecord step) {
        journal.write("step", step.recoveryUid(), step.toString());
        ledger.take(step);
    }

    @Override
    public Stored read(RecoveryType type, ClusterId cluster, InstanceKey failed) {
        return remembered.stored();
    }

    @Override
    public synchronized boolean add(Fence fence, Right right) {
        journal.write("fence", fence.recoveryUid(), fence.toString());
        ledger.take(fence, true);
        return true;
    }

    @Override
    public synchronized boolean update(Fence fence, FenceState state, String note, Right right) {
        journal.write("fence", fence.recoveryUid(), fence.instance() + " " + state + ": " + note);
        ledger.take(fence.with(state, note), false);
        return true;
    }

    /** From the moment on when the backend has it. */
    @Override
    public synchronized void enforce(Fence fence, Authority right) {
        ledger.enforce(fence);
    }

    @Override
    public synchronized void lift(Fence fence, Authority right, String why) {
        ledger.leave(fence);
        update(fence, FenceState.LIFTED, why, right.right());
    }

    @Override
    public boolean release(String serverUuid, Authority right, String why) {
        return remembered.stored().fences().stream()
                .filter(f -> f.serverUuid().equals(serverUuid))
                .allMatch(f -> update(f, FenceState.LIFTED, why, right.right()));
    }

    /** What is done without the backend is done by the leader's right, which goes on. */
    @Override
    public void withdraw(Authority right) {}

    @Override
    public MaintenanceLock lock(LockRequest request, Actor owner, String reason) {
        ChangeGates.blocker(request, remembered.stored().locks()).ifPresent(other -> {
            throw new OrchestratorException(ErrorCode.LOCKED, LockWords.describe(other));
        });
        return new OfflineLock(request.newToken(), List.copyOf(request.all()));
    }

    /**
     * Brings to the backend what is not there yet. May be repeated.
     *
     * @return whether nothing more can come of it
     */
    boolean bring() {
        try {
            synchronized (bringing) {
                for (Delivery next = next(null); next != null; next = next(next)) {
                    next.match(backend);
                }
            }
        } catch (OrchestratorException e) {
            log.atInfo()
                    .addKeyValue("journal", journal.file())
                    .addKeyValue("why", e.getMessage())
                    .log("the record of a recovery cannot be brought to the backend yet");
            return false;
        }
        synchronized (this) {
            if (ledger.hasEnded()) {
                journal.remove();
            }
            return ledger.isOver(ports.clocks().instant());
        }
    }

    private synchronized @Nullable Delivery next(@Nullable Delivery delivered) {
        if (delivered != null) {
            ledger.delivered(delivered);
        }
        return ledger.next().orElse(null);
    }

    private synchronized Right right(String otherwise) {
        return new Right.OfJournal(ledger.token(otherwise));
    }

    /** The ways of what is brought. */
    private final class Bringing implements Delivery.Cases {
        @Override
        public void record(Delivery.Record it) {
            Right right = right(it.now().nodeToken());
            if (it.first()) {
                Registration.Outcome outcome =
                        ports.recoveries().register(it.underWay(), right).outcome();
                if (outcome != Registration.Outcome.REGISTERED) {
                    throw new OrchestratorException(
                            ErrorCode.REFUSED,
                            "recovery " + it.now().uid() + " cannot be written down yet: " + outcome);
                }
            }
            ports.recoveries().update(it.now(), right);
        }

        @Override
        public void fence(Delivery.FenceChange it) {
            Fence fence = it.fence();
            Right right = right(fence.recoveryUid());
            boolean written = it.added()
                    ? ports.fences().add(fence, right)
                    : ports.fences().update(fence, fence.state(), fence.note(), right);
            if (!written) {
                log.atWarn()
                        .addKeyValue("instance", fence.instance())
                        .addKeyValue("recovery", fence.recoveryUid())
                        .log(
                                "a fence of the journal is not written: somebody else has ended its recovery or lifted it");
            }
        }

        @Override
        public void enforce(Delivery.Enforce it) {
            enforcing.enforce(it.fence(), Authority.none());
        }

        @Override
        public void step(Delivery.Step it) {
            ports.recoveries().saveStep(it.row());
        }
    }
}
