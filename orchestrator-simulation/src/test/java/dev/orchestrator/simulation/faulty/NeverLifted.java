package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.fencing.FenceView;
import dev.orchestrator.simulation.backend.FenceRule;

/** Nobody sees that people have made the former primary the primary again: its successor never took its place, it seems. */
final class NeverLifted implements FenceRule {
    @Override
    public FenceView seen(FenceView view) {
        RecoveryRecord recovery = view.recovery();
        return recovery == null
                ? view
                : new FenceView(
                        view.fence(),
                        view.fleet(),
                        recovery.toBuilder().promotedAt(null).build());
    }
}
