package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event.Saving;
import dev.orchestrator.engine.internal.core.recovery.GrowingRecord;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import dev.orchestrator.engine.internal.shell.execution.RecordPort;
import dev.orchestrator.engine.internal.shell.fencing.Fences;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.RecoveryStore.Registration;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of one recovery, as it grows. Written side by side with the fences that belong to it: each costs the outage a
 * commit of the backend. Thread-safe.
 */
final class RecoveryRecordWriter implements RecordPort {
    private static final Logger log = LoggerFactory.getLogger(RecoveryRecordWriter.class);
    private static final int END_ATTEMPTS = 5;
    private static final int COMPLETIONS = 3;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(300);

    private final RecoveryStores stores;
    private final Fences fences;
    private final Authority authority;
    private final Executor threads;
    private final Object writing = new Object();
    private final Map<String, Fence> written = new ConcurrentHashMap<>();
    // Guarded by the monitor of writing: how often the backend had lost the record.
    private int lost;
    // Guarded by its monitor.
    private final GrowingRecord record;

    RecoveryRecordWriter(
            RecoveryStores stores, Fences fences, Authority authority, Executor threads, RecoveryRecord registered) {
        this.stores = stores;
        this.fences = fences;
        this.authority = authority;
        this.threads = threads;
        this.record = new GrowingRecord(registered);
    }

    RecoveryRecord current() {
        synchronized (record) {
            return record.current();
        }
    }

    /** Completes the record by what its procedure does not know, now and in every state of it that comes later. */
    void complete(UnaryOperator<RecoveryRecord> completion) {
        synchronized (record) {
            record.complete(completion);
        }
    }

    /** Takes the state of the record that its procedure has come to; what others completed meanwhile stays. */
    RecoveryRecord take(RecoveryRecord next) {
        synchronized (record) {
            return record.take(next);
        }
    }

    /** Both the record and its fences are in the backend, or the outcome is not known. */
    @Override
    public Saved save(Effect.Save save) {
        take(save.record());
        written.remove(save.released());
        save.fences().forEach(f -> written.put(f.serverUuid(), f));
        int lostBefore = lost();
        CompletableFuture<Boolean> fenced =
                save.fences().isEmpty() && save.released().isEmpty()
                        ? CompletableFuture.completedFuture(true)
                        : CompletableFuture.supplyAsync(() -> fence(save), threads);
        try {
            boolean there = save();
            boolean all = fenced.join() || lost() != lostBefore;
            return there && all
                    ? new Saved(Saving.WRITTEN, "")
                    : new Saved(Saving.REFUSED, "the backend does not take this recovery for the current one any more");
        } catch (OrchestratorException e) {
            return new Saved(
                    Saving.UNKNOWN,
                    Objects.requireNonNullElse(e.getMessage(), e.code().name()));
        } catch (CompletionException e) {
            return new Saved(Saving.UNKNOWN, "a fence: " + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
    }

    private boolean fence(Effect.Save save) {
        boolean all = save.released().isEmpty()
                || fences.release(
                        save.released(),
                        authority,
                        "promoted by recovery " + save.record().uid());
        for (Fence fence : save.fences()) {
            all &= stores.add(fence, authority.right());
        }
        return all;
    }

    /**
     * Writes the record and waits for it.
     *
     * @return false when the lease is over or somebody else has ended the recovery
     */
    boolean save() {
        synchronized (writing) {
            if (update()) {
                return true;
            }
            Optional<RecoveryRecord> stored = stores.find(current().uid());
            boolean again = stored.isPresent() ? isPassedBy(stored.get()) : isWrittenAgain();
            return again && update();
        }
    }

    private int lost() {
        synchronized (writing) {
            return lost;
        }
    }

    /**
     * A replica of the backend that lacks what was written last took its primary's place. Whoever keeps the record has it
     * all: the cluster's slot is taken again, as long as the right holds and nobody else has it, and the fences with it.
     */
    private boolean isWrittenAgain() {
        RecoveryRecord whole;
        synchronized (record) {
            whole = record.underWay();
        }
        Registration registered = stores.register(whole, authority.right());
        boolean all = registered.outcome() == Registration.Outcome.REGISTERED;
        for (Fence fence : written.values()) {
            all = all && stores.add(fence, authority.right());
        }
        if (all) {
            lost++;
            log.atWarn()
                    .addKeyValue("recovery", whole.uid())
                    .log("the backend had lost the record of this recovery; it was written again, with its fences");
        }
        return all;
    }

    private boolean update() {
        RecoveryRecord next;
        synchronized (record) {
            next = record.numbered();
        }
        return stores.update(next, authority.right());
    }

    private boolean isPassedBy(RecoveryRecord stored) {
        synchronized (record) {
            return record.isPassedBy(stored);
        }
    }

    /**
     * Completes a record that somebody else keeps, or kept: reads it, and writes it unless it was written meanwhile.
     *
     * @return false when it is not there, or was written by others each time
     */
    static boolean complete(RecoveryStore store, Right right, String uid, UnaryOperator<RecoveryRecord> change) {
        for (int attempt = 0; attempt < COMPLETIONS; attempt++) {
            Optional<RecoveryRecord> stored =
                    store.find(RecoveryFilter.byUid(uid)).stream().findFirst();
            if (stored.isEmpty()) {
                return false;
            }
            RecoveryRecord next = change.apply(stored.get());
            long version = stored.get().version() + 1;
            if (store.update(next.toBuilder().version(version).build(), right)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the record if it can be; what cannot be written now is written with the next state of it. */
    void saveIfPossible() {
        try {
            if (!save()) {
                log.atWarn()
                        .addKeyValue("recovery", current().uid())
                        .log("the recovery's record was not updated: it is somebody else's now");
            }
        } catch (OrchestratorException e) {
            log.atWarn()
                    .addKeyValue("recovery", current().uid())
                    .setCause(e)
                    .log("the recovery's record cannot be updated yet");
        }
    }

    /** Writes the record's end, patiently: as long as it is not written, the cluster's slot is taken. */
    boolean saveEnd(Sleeper sleeper) {
        for (int attempt = 1; ; attempt++) {
            try {
                return save();
            } catch (OrchestratorException e) {
                if (attempt == END_ATTEMPTS || !sleeper.pause(BETWEEN_ATTEMPTS.multipliedBy(attempt))) {
                    log.atError()
                            .addKeyValue("recovery", current().uid())
                            .setCause(e)
                            .log("the end of the recovery cannot be written; the next leader will end it");
                    return false;
                }
            }
        }
    }
}
