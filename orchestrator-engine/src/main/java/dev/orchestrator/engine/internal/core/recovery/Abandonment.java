package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What people are told of a recovery or switchover that was left under way, because the right to act was gone. */
public final class Abandonment {
    private Abandonment() {}

    /**
     * The record as whoever began it is told: not successful, whatever was reached, and with the reason. It is not what
     * the backend is to hold: that record is somebody else's.
     *
     * @param record as it stands
     * @param end the last state of its procedure
     * @return the record to be told
     */
    public static RecoveryRecord told(RecoveryRecord record, State end) {
        List<String> errors = new ArrayList<>(record.errors());
        errors.add(words(record, end));
        return record.toBuilder().successful(false).errors(errors).build();
    }

    private static String words(RecoveryRecord record, State end) {
        return "the right to act is gone: " + Objects.requireNonNullElse(end.rightLost(), "nobody knows why") + "; "
                + reached(record, end) + "; whoever leads goes on with the recovery: do nothing by hand";
    }

    private static String reached(RecoveryRecord record, State end) {
        Instance promoted = end.memory().promoted();
        if (promoted != null) {
            return promoted.key() + " is writable, others may not follow it yet";
        }
        InstanceKey successor = record.successor();
        if (!record.type().promotes()) {
            return "replicas of " + record.failed() + " may not replicate yet";
        }
        if (successor != null && end.ledger().isNamed()) {
            return successor + " is to take over and may be writable";
        }
        return record.type() == RecoveryType.SWITCHOVER
                ? "nobody was promoted, " + record.failed() + " may be read-only until then"
                : "nobody was promoted";
    }
}
