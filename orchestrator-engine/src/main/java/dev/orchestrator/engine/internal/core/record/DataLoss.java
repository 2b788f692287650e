package dev.orchestrator.engine.internal.core.record;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryRecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is missing after a promotion, as far as it is known, and what to think of the rest.
 *
 * @param gtids transactions known to have been committed or received, and not held by the new primary
 * @param note the same in words
 */
public record DataLoss(GtidSet gtids, String note) {
    /**
     * Adds up at the promotion.
     *
     * @param failed the failed primary as it was last read, null when it never was
     * @param lastSeen when that was
     * @param promoted what the new primary had executed when it was promoted
     * @param stranded what was received by servers that could not hand it on
     * @param strandedIn those servers
     * @return what is known to be missing
     */
    public static DataLoss atPromotion(
            @Nullable Instance failed,
            @Nullable Instant lastSeen,
            GtidSet promoted,
            GtidSet stranded,
            List<InstanceKey> strandedIn) {
        GtidSet executed = failed == null ? GtidSet.empty() : failed.executedGtids();
        GtidSet missing = executed.union(stranded).minus(promoted);
        StringBuilder note = new StringBuilder();
        if (!missing.isEmpty()) {
            note.append(missing.count())
                    .append(" transactions are known to be missing: ")
                    .append(missing);
            if (!stranded.minus(promoted).isEmpty()) {
                note.append("; of these ")
                        .append(stranded.minus(promoted))
                        .append(" may still be in ")
                        .append(strandedIn);
            }
            if (!executed.minus(promoted).isEmpty()) {
                note.append("; the failed primary has executed ").append(executed.minus(promoted));
            }
            note.append(". ");
        }
        return new DataLoss(missing, note.append(rest(failed, lastSeen)).toString());
    }

    /**
     * Adds up at a switchover.
     *
     * @param missing what the former primary had written and the new one has not executed
     * @return what is missing; nothing, unless somebody interfered
     */
    public static DataLoss atSwitchover(GtidSet missing) {
        return new DataLoss(missing, missing.isEmpty() ? "Nothing was lost." : "Missing: " + missing);
    }

    /**
     * Adds what was known to be missing before.
     *
     * @param before what that was, null when nothing was known
     * @param held what the new primary holds by now
     * @return all that is missing still
     */
    public GtidSet beside(@Nullable GtidSet before, GtidSet held) {
        return before == null ? gtids : gtids.union(before.minus(held));
    }

    /**
     * Completes the record of a recovery by it. The note is about the server that was replaced; what a successor that died
     * holds alone stands beside it.
     *
     * @param record the recovery's record
     * @param serverUuid the identity of the server that holds them alone
     * @param held what the new primary holds by now
     * @return the record with them
     */
    public RecoveryRecord foundIn(RecoveryRecord record, String serverUuid, GtidSet held) {
        RecoveryRecordBuilder next = record.toBuilder().lostGtids(beside(record.lostGtids(), held));
        if (record.failedUuid().equals(serverUuid)) {
            return next.lossNote(note).build();
        }
        if (record.errors().contains(note)) {
            return next.build();
        }
        List<String> errors = new ArrayList<>(record.errors());
        errors.add(note);
        return next.errors(errors).build();
    }

    private static String rest(@Nullable Instance failed, @Nullable Instant lastSeen) {
        if (failed == null) {
            return "The failed primary was never read: what it committed and sent to nobody is not known.";
        }
        if (failed.semiSync().sourceActive()) {
            return "At its last reading the failed primary waited for semi-sync acknowledgements: what it acknowledged"
                    + " since then was received by a replica, unless it fell back to asynchronous.";
        }
        return "What the failed primary committed after its last reading"
                + (lastSeen == null ? "" : " at " + lastSeen)
                + " and sent to nobody is not known until it comes back; it will then be named here.";
    }

    /**
     * Adds up when the former primary has come back.
     *
     * @param former the key it goes by
     * @param returned what it holds
     * @param successor what the primary of its cluster holds
     * @param primary that primary
     * @return what it holds alone
     */
    public static DataLoss atReturn(InstanceKey former, GtidSet returned, GtidSet successor, InstanceKey primary) {
        GtidSet alone = returned.minus(successor);
        return new DataLoss(
                alone,
                alone.isEmpty()
                        ? former + " came back and holds nothing that " + primary + " does not hold: nothing was lost."
                        : former + " came back with " + alone.count() + " transactions that " + primary
                                + " does not hold: " + alone + ". They are only there; it is parked read-only.");
    }
}
