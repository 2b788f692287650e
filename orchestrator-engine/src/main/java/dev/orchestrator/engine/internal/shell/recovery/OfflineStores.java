package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.decision.LockWords;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import dev.orchestrator.engine.internal.shell.home.Remembered;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
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
    private final Object bringing = new Object();
    // All guarded by the monitor.
    private @Nullable RecoveryRecord record;
    private @Nullable RecoveryRecord brought;
    private final List<FenceChange> fences = new ArrayList<>();
    private final List<Fence> wanted = new ArrayList<>();
    private final Map<Integer, RecoveryStepRecord> unwritten = new TreeMap<>();

    /** A change of a fence: a new one, or a new state of one. */
    private record FenceChange(Fence fence, boolean added) {}

    OfflineStores(Remembered remembered, OfflineJournal journal) {
        this.remembered = remembered;
        this.journal = journal;
    }

    /** The recovery that was registered, as it stands; empty when none was. */
    synchronized Optional<RecoveryRecord> record() {
        return Optional.ofNullable(record);
    }

    @Override
    public synchronized Registration register(RecoveryRecord recovery, Right right) {
        journal.write("recovery", recovery.uid(), recovery.toString());
        record = recovery;
        return new Registration(Registration.Outcome.REGISTERED, null);
    }

    @Override
    public synchronized Optional<RecoveryRecord> find(String uid) {
        return Optional.ofNullable(record).filter(r -> r.uid().equals(uid));
    }

    @Override
    public synchronized boolean update(RecoveryRecord recovery, Right right) {
        journal.write("recovery", recovery.uid(), inWords(recovery));
        record = recovery;
        return true;
    }

    private static String inWords(RecoveryRecord r) {
        return r + ", successor " + r.successor() + ", promoted " + r.promotedAt() + ", ended " + r.endedAt()
                + ", successful " + r.successful() + ", errors " + r.errors();
    }

    @Override
    public synchronized void saveStep(RecoveryStepRecord step) {
        journal.write("step", step.recoveryUid(), step.toString());
        unwritten.put(step.number(), step);
    }

    @Override
    public List<RecoveryRecord> recent(ClusterId cluster) {
        return remembered.recent();
    }

    @Override
    public List<RecoveryRecord> blocking(RecoveryType type, ClusterId cluster, InstanceKey failed, Duration period) {
        return remembered.blocking();
    }

    @Override
    public Intents intents() {
        return remembered.intents();
    }

    @Override
    public synchronized boolean add(Fence fence, Right right) {
        journal.write("fence", fence.recoveryUid(), fence.toString());
        return fences.add(new FenceChange(fence, true));
    }

    @Override
    public synchronized boolean update(Fence fence, FenceState state, String note, Right right) {
        journal.write("fence", fence.recoveryUid(), fence.instance() + " " + state + ": " + note);
        return fences.add(new FenceChange(fence.with(state, note), false));
    }

    /** From the moment on when the backend has it. */
    @Override
    public synchronized void enforce(Fence fence, Authority right) {
        wanted.add(fence);
    }

    @Override
    public synchronized void lift(Fence fence, Authority right, String why) {
        wanted.remove(fence);
        update(fence, FenceState.LIFTED, why, right.right());
    }

    @Override
    public boolean release(String serverUuid, Authority right, String why) {
        return remembered.fences().stream()
                .filter(f -> f.serverUuid().equals(serverUuid))
                .allMatch(f -> update(f, FenceState.LIFTED, why, right.right()));
    }

    @Override
    public List<LockInfo> locks() {
        return remembered.locks();
    }

    @Override
    public MaintenanceLock lock(LockRequest request, Actor owner, String reason) {
        LockInfo other = remembered.locks().stream()
                .filter(l -> request.isBlockedBy(l.instance(), l.shared()))
                .findFirst()
                .orElse(null);
        if (other != null) {
            throw new OrchestratorException(ErrorCode.LOCKED, LockWords.describe(other));
        }
        return new OfflineLock(List.copyOf(request.all()));
    }

    /**
     * Brings to the backend what is not there yet: the record first, then the fences, then the steps. May be repeated.
     *
     * @return whether all that was taken is there now
     * @throws OrchestratorException when the backend does not answer, or the cluster's slot is taken by another recovery
     */
    boolean bring(RecoveryStore recoveries, FenceStore store, Fences enforced) {
        synchronized (bringing) {
            bringRecord(recoveries);
            for (FenceChange change = firstFence(); change != null; change = firstFence()) {
                bring(change, store);
            }
            enforceWanted(enforced);
            for (RecoveryStepRecord step : unwrittenSteps()) {
                recoveries.saveStep(step);
                synchronized (this) {
                    unwritten.remove(step.number(), step);
                }
            }
            return isBrought();
        }
    }

    private synchronized void enforceWanted(Fences enforced) {
        wanted.forEach(f -> enforced.enforce(f, Authority.none()));
        wanted.clear();
    }

    private void bring(FenceChange change, FenceStore store) {
        Fence fence = change.fence();
        boolean written = change.added()
                ? store.add(fence, right(fence))
                : store.update(fence, fence.state(), fence.note(), right(fence));
        if (!written) {
            log.atWarn()
                    .addKeyValue("instance", fence.instance())
                    .addKeyValue("recovery", fence.recoveryUid())
                    .log("a fence of the journal is not written: somebody else has ended its recovery or lifted it");
        }
        synchronized (this) {
            fences.remove(change);
        }
    }

    private synchronized Right right(Fence fence) {
        return new Right.OfJournal(record == null ? fence.recoveryUid() : record.nodeToken());
    }

    private synchronized @Nullable FenceChange firstFence() {
        return fences.isEmpty() ? null : fences.get(0);
    }

    private synchronized List<RecoveryStepRecord> unwrittenSteps() {
        return List.copyOf(unwritten.values());
    }

    private synchronized boolean isBrought() {
        return fences.isEmpty() && unwritten.isEmpty() && record == brought;
    }

    /** No lease stands behind it: that of the recovery ended with the backend that it was granted in. */
    private void bringRecord(RecoveryStore recoveries) {
        RecoveryRecord now;
        RecoveryRecord before;
        synchronized (this) {
            now = record;
            before = brought;
        }
        if (now == null || now == before) {
            return;
        }
        Right right = new Right.OfJournal(now.nodeToken());
        if (before == null) {
            // As under way: only what was under way can be ended, and be completed later by who ended it.
            RecoveryRecord active = now.toBuilder().endedAt(null).version(0).build();
            Registration registration = recoveries.register(active, right);
            if (registration.outcome() != Registration.Outcome.REGISTERED) {
                throw new OrchestratorException(
                        ErrorCode.REFUSED,
                        "recovery " + now.uid() + " cannot be written down yet: " + registration.outcome());
            }
        }
        recoveries.update(now, right);
        synchronized (this) {
            brought = now;
        }
    }

    /** Nobody else can lock anything while the backend is away: what is locked is remembered, and no more. */
    private record OfflineLock(String token, List<InstanceKey> instances) implements MaintenanceLock {
        private static final Duration CERTAIN = Duration.ofMinutes(1);

        OfflineLock(List<InstanceKey> instances) {
            this(UUID.randomUUID().toString(), instances);
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public void check() {
            // Cannot be lost; the recovery's right is the leader's lease.
        }

        @Override
        public Duration certainFor() {
            return CERTAIN;
        }

        @Override
        public void close() {
            // There is nothing to give back.
        }
    }
}
