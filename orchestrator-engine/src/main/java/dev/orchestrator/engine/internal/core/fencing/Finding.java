package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.engine.internal.core.record.DataLoss;

/**
 * What a comparison of a former primary with the present one brought.
 *
 * @param losses what the former primary holds alone
 * @param held what the present one holds
 */
record Finding(DataLoss losses, GtidSet held) {
    FenceState state() {
        return losses.gtids().isEmpty() ? FenceState.CLEAN : FenceState.AHEAD;
    }

    String auditType() {
        return losses.gtids().isEmpty() ? "former-primary-clean" : "former-primary-ahead";
    }
}
