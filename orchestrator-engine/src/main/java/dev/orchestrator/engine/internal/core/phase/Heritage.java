package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.engine.internal.core.candidate.GtidProvenance;
import dev.orchestrator.engine.internal.core.procedure.State;

/** From whom the servers of a procedure have what they hold. */
final class Heritage {
    private final GtidProvenance lineage;

    Heritage(State s) {
        this.lineage = GtidProvenance.of(
                s.servers().fleet(), s.terms().primary(), s.memory().allFallen());
    }

    GtidSet received(Instance instance) {
        return lineage.received(instance);
    }
}
