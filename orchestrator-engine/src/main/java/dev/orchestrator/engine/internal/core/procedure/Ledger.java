package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a procedure and how far the backend has it. Immutable.
 *
 * @param record the record as it stands, null for an operation that keeps none
 * @param version the number of this state of it
 * @param written the newest version that is in the backend
 * @param inFlight the version that is being written, 0 for none
 * @param unknown the newest version of which it is not known whether it was written, 0 for none
 * @param words what the backend said last, for people
 * @param ended the ticker reading at which the last attempt to write ended
 * @param unknowns how many attempts in a row ended so that it is not known whether anything was written
 */
public record Ledger(
        @Nullable RecoveryRecord record,
        int version,
        int written,
        int inFlight,
        int unknown,
        String words,
        long ended,
        int unknowns) {
    static Ledger registered(@Nullable RecoveryRecord record) {
        return new Ledger(record, 1, 1, 0, 0, "", 0, 0);
    }

    /** As somebody else left it. */
    static Ledger left(RecoveryRecord record) {
        return new Ledger(record, 1, 0, 0, 0, "", 0, 0);
    }

    Ledger changed(RecoveryRecord next) {
        return new Ledger(next, version + 1, written, inFlight, unknown, words, ended, unknowns);
    }

    Ledger error(String text) {
        if (record == null || text.isEmpty()) {
            return this;
        }
        List<String> errors = new ArrayList<>(record.errors());
        errors.add(text);
        return changed(record.toBuilder().errors(errors).build());
    }

    Ledger unnamed() {
        return record == null || record.successor() == null
                ? this
                : changed(record.toBuilder()
                        .successor(null)
                        .successorAlias("")
                        .successorUuid("")
                        .build());
    }

    Ledger saving(int which) {
        return new Ledger(record, version, written, which, unknown, words, ended, unknowns);
    }

    Ledger saved(int which, Event.Saving outcome, String said, long now) {
        return new Ledger(
                record,
                version,
                outcome == Event.Saving.WRITTEN ? Math.max(written, which) : written,
                inFlight == which ? 0 : inFlight,
                outcome == Event.Saving.UNKNOWN ? which : unknown,
                said,
                now,
                outcome == Event.Saving.UNKNOWN ? unknowns + 1 : 0);
    }

    /**
     * Whether the record as it stands is in the backend.
     *
     * @return true when its newest state was written
     */
    public boolean isWritten() {
        return written >= version;
    }

    /**
     * Whether it is not known what became of writing the record as it stands.
     *
     * @return true until it is written after all
     */
    public boolean isUnknown() {
        return unknown >= version && written < version;
    }
}
