package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.State;
import org.jspecify.annotations.Nullable;

/** Who the record says is to take over. */
final class Succession {
    private Succession() {}

    /** Whether the record names a successor: from here on nothing is taken back while it may be writable. */
    static boolean isNamed(State s) {
        return named(s) != null;
    }

    static @Nullable InstanceKey named(State s) {
        RecoveryRecord record = s.ledger().record();
        return record == null ? null : record.successor();
    }
}
