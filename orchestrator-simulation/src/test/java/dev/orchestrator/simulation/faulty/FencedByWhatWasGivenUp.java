package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.backend.FenceRule;

/** A fence stands although its recovery names nobody any more. */
final class FencedByWhatWasGivenUp implements FenceRule {
    @Override
    public boolean stands(Fence fence, RecoveryRecord recovery) {
        return true;
    }
}
