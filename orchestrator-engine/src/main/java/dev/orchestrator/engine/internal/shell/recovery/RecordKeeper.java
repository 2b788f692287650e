package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The record of one recovery, as it grows. Thread-safe. */
final class RecordKeeper {
    private static final Logger log = LoggerFactory.getLogger(RecordKeeper.class);
    private static final int END_ATTEMPTS = 5;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(300);

    private final BiPredicate<RecoveryRecord, Right> store;
    private final Right right;
    private final Object monitor = new Object();
    private final Object writing = new Object();
    // Guarded by monitor.
    private RecoveryRecord current;

    RecordKeeper(BiPredicate<RecoveryRecord, Right> store, Right right, RecoveryRecord registered) {
        this.store = store;
        this.right = right;
        this.current = registered;
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

    /** Takes the state of the record that its procedure has come to; what others completed meanwhile stays. */
    void take(RecoveryRecord next) {
        synchronized (monitor) {
            current = next.firstWriteAt() == null && current.firstWriteAt() != null
                    ? next.toBuilder().firstWriteAt(current.firstWriteAt()).build()
                    : next;
        }
    }

    /**
     * Writes the record and waits for it.
     *
     * @return false when the lease is over or somebody else has ended the recovery
     */
    boolean save() {
        synchronized (writing) {
            return store.test(current(), right);
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
