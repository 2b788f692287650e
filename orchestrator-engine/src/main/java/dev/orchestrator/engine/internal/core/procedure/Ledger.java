package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * @param since the version from which on the record names whom it names now, or nobody
 * @param naming the newest version that was sent to the backend and names a successor, 0 for none
 * @param named the newest version that names a successor and is in the backend or may be, 0 for none
 */
public record Ledger(
        @Nullable RecoveryRecord record,
        int version,
        int written,
        int inFlight,
        int unknown,
        String words,
        long ended,
        int unknowns,
        int since,
        int naming,
        int named) {
    static Ledger registered(@Nullable RecoveryRecord record) {
        return new Ledger(record, 1, 1, 0, 0, "", 0, 0, 1, 0, 0);
    }

    /** As somebody else left it. */
    static Ledger left(RecoveryRecord record) {
        int named = record.successor() == null ? 0 : 1;
        return new Ledger(record, 1, 0, 0, 0, "", 0, 0, 0, named, named);
    }

    Ledger changed(RecoveryRecord next) {
        boolean same = record != null && Objects.equals(record.successor(), next.successor());
        int from = same ? since : version + 1;
        return new Ledger(next, version + 1, written, inFlight, unknown, words, ended, unknowns, from, naming, named);
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
        boolean names = record != null && record.successor() != null;
        return new Ledger(
                record, version, written, which, unknown, words, ended, unknowns, since, names ? which : naming, named);
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
                outcome == Event.Saving.UNKNOWN ? unknowns + 1 : 0,
                since,
                naming,
                which == naming && outcome != Event.Saving.REFUSED ? which : named);
    }

    /**
     * Whether the backend holds, or may hold, a state of the record that names a successor, and no later one.
     *
     * @return false when nobody who reads the record there can take a successor from it
     */
    public boolean mayBeNamed() {
        return (named > 0 && written <= named) || (inFlight != 0 && inFlight == naming);
    }

    /**
     * Whether the record names a successor and the backend certainly has that name, or somebody else left it there: from
     * then on the successor may be made writable.
     *
     * @return true when there is no way back
     */
    public boolean isNamed() {
        return record != null && record.successor() != null && written >= since;
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
