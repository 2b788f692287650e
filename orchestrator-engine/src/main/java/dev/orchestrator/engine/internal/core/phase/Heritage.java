package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.candidate.Lineage;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.ArrayList;
import java.util.List;

/** From whom the servers of a procedure have what they hold. */
final class Heritage {
    private final Lineage lineage;

    Heritage(State s) {
        this.lineage = new Lineage(s.servers().fleet(), predecessor(s), formers(s));
    }

    /**
     * The last server that was primary: a successor that died after it had become writable stands in the place of the
     * one it replaced, and what it wrote is no errant transaction.
     */
    static InstanceKey predecessor(State s) {
        InstanceKey fallen = s.memory().fallen();
        return fallen == null ? s.terms().primary() : fallen;
    }

    /** Who was primary before that one. */
    static List<InstanceKey> formers(State s) {
        List<InstanceKey> formers = new ArrayList<>(List.of(s.terms().primary()));
        formers.addAll(s.memory().allFallen());
        formers.remove(predecessor(s));
        return formers;
    }

    GtidSet received(Instance instance) {
        return lineage.received(instance);
    }
}
