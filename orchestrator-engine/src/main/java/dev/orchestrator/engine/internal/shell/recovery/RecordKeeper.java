package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.RecoveryStore;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The record of one recovery, as it grows. Thread-safe. */
final class RecordKeeper {
    private static final Logger log = LoggerFactory.getLogger(RecordKeeper.class);
    private static final int END_ATTEMPTS = 5;
    private static final int COMPLETIONS = 3;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(300);

    private final BiPredicate<RecoveryRecord, Right> update;
    private final Function<String, Optional<RecoveryRecord>> find;
    private final Right right;
    private final Object monitor = new Object();
    private final Object writing = new Object();
    // Guarded by monitor.
    private RecoveryRecord current;
    // Guarded by monitor: what others found out, to be kept in every later state.
    private final List<UnaryOperator<RecoveryRecord>> completions = new ArrayList<>();
    // Guarded by monitor: the number of the state that was sent last.
    private long version;

    RecordKeeper(
            BiPredicate<RecoveryRecord, Right> update,
            Function<String, Optional<RecoveryRecord>> find,
            Right right,
            RecoveryRecord registered) {
        this.update = update;
        this.find = find;
        this.right = right;
        this.current = registered;
        this.version = registered.version();
    }

    RecoveryRecord current() {
        synchronized (monitor) {
            return current;
        }
    }

    /** Changes the record in memory. */
    RecoveryRecord edit(UnaryOperator<RecoveryRecord.Builder> change) {
        synchronized (monitor) {
            current = change.apply(current.toBuilder()).build();
            return current;
        }
    }

    /** Completes the record by what its procedure does not know, now and in every state of it that comes later. */
    void complete(UnaryOperator<RecoveryRecord> completion) {
        synchronized (monitor) {
            completions.add(completion);
            current = completion.apply(current);
        }
    }

    /** Takes the state of the record that its procedure has come to; what others completed meanwhile stays. */
    void take(RecoveryRecord next) {
        synchronized (monitor) {
            current = next;
            for (UnaryOperator<RecoveryRecord> completion : completions) {
                current = completion.apply(current);
            }
        }
    }

    /**
     * Writes the record and waits for it.
     *
     * @return false when the lease is over or somebody else has ended the recovery
     */
    boolean save() {
        synchronized (writing) {
            return update.test(next(), right) || (wasCompletedMeanwhile() && update.test(next(), right));
        }
    }

    /** A leader that completed what the former primary holds alone was quicker: ours is the later state, with that in it. */
    private boolean wasCompletedMeanwhile() {
        Optional<RecoveryRecord> stored = find.apply(current().uid());
        synchronized (monitor) {
            boolean passed = stored.filter(s -> s.version() >= version).isPresent();
            if (passed) {
                version = stored.get().version();
                GtidSet found = stored.get().lostGtids();
                complete(r -> found == null
                        ? r
                        : r.toBuilder().lostGtids(union(r.lostGtids(), found)).build());
            }
            return passed;
        }
    }

    private static GtidSet union(@Nullable GtidSet known, GtidSet found) {
        return known == null ? found : known.union(found);
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

    /** Each attempt has a number of its own: an earlier one that is carried out late changes nothing any more. */
    private RecoveryRecord next() {
        synchronized (monitor) {
            version++;
            current = current.toBuilder().version(version).build();
            return current;
        }
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
    boolean saveEnd(Pauses pauses) {
        for (int attempt = 1; ; attempt++) {
            try {
                return save();
            } catch (OrchestratorException e) {
                if (attempt == END_ATTEMPTS) {
                    log.atError()
                            .addKeyValue("recovery", current().uid())
                            .setCause(e)
                            .log("the end of the recovery cannot be written; the next leader will end it");
                    return false;
                }
                pauses.pause(BETWEEN_ATTEMPTS.multipliedBy(attempt));
            }
        }
    }
}
