package dev.orchestrator.simulation.node;

import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.api.recovery.RecoveryType.BlockScope;
import dev.orchestrator.engine.internal.core.decision.Stored;
import dev.orchestrator.simulation.backend.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads what the backend holds of what the decision about a recovery depends on. */
final class StoredRows {
    private StoredRows() {}

    static Stored read(Rows rows, long now, FailureAnalysis finding, RecoveryType type) {
        List<RecoveryRecord> recent = new ArrayList<>(rows.recoveries());
        recent.removeIf(r -> !r.cluster().equals(finding.cluster()));
        Collections.reverse(recent);
        BlockScope scope = type.blockScope();
        List<RecoveryRecord> blocking = recent.stream()
                .filter(r -> !r.isActive() && !r.acknowledged() && r.type().blockScope() == scope)
                .filter(r -> scope != BlockScope.INSTANCE || r.failed().equals(finding.instance()))
                .toList();
        return new Stored(rows.intents(now), rows.locks().active(now), recent, blocking, rows.fences());
    }
}
