package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
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

    /** Whether another server answers now where the named one was: it holds nothing, and is nobody's successor. */
    static boolean isAnother(State s, Instance server) {
        String uuid = s.record().successorUuid();
        return !uuid.isEmpty() && !uuid.equals(server.serverUuid());
    }

    static @Nullable InstanceKey named(State s) {
        RecoveryRecord record = s.ledger().record();
        return record == null ? null : record.successor();
    }
}
