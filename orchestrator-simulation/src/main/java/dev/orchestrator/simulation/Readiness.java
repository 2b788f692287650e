package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.server.SimulatedServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A switchover takes the primary's writes away only when its successor keeps up: it has executed then at least what the
 * primary had executed when somebody ordered it.
 */
final class Readiness {
    private final Schedule world;
    private final List<Map<InstanceKey, GtidSet>> ordered = new ArrayList<>();
    private final Map<String, Demotion> demotions = new HashMap<>();

    /** What servers had executed when it was ordered and when it was done. */
    private record Demotion(Map<InstanceKey, GtidSet> before, Map<InstanceKey, GtidSet> now) {
        GtidSet lacked(InstanceKey primary, InstanceKey successor) {
            return before.getOrDefault(primary, GtidSet.empty()).minus(now.getOrDefault(successor, GtidSet.empty()));
        }
    }

    Readiness(Schedule world) {
        this.world = world;
    }

    private Map<InstanceKey, GtidSet> executed() {
        Map<InstanceKey, GtidSet> all = new HashMap<>();
        world.servers().all().forEach(s -> all.put(s.key(), s.executed()));
        return all;
    }

    /** Somebody orders something; returns what is to be done when the outcome is told. */
    Runnable ordered() {
        Map<InstanceKey, GtidSet> now = executed();
        ordered.add(now);
        return () -> ordered.removeIf(o -> o == now);
    }

    /** A server is made read-only: by a switchover, before anybody is named, it is demoted. */
    void closed(SimulatedServer server) {
        for (RecoveryRecord record : world.backend().rows().recoveries()) {
            boolean demoted = record.type() == RecoveryType.SWITCHOVER
                    && record.isActive()
                    && record.successor() == null
                    && record.failed().equals(server.key());
            if (demoted && !ordered.isEmpty()) {
                demotions.computeIfAbsent(record.uid(), uid -> new Demotion(ordered.get(0), executed()));
            }
        }
    }

    void ended(State state) {
        InstanceKey successor = state.terms().explicit();
        Demotion demotion = demotions.remove(state.record().uid());
        if (successor == null || demotion == null) {
            return;
        }
        InstanceKey primary = state.terms().primary();
        GtidSet lacked = demotion.lacked(primary, successor);
        if (!lacked.isEmpty()) {
            throw new Violation(primary + " was demoted while " + successor + " had not executed " + lacked + ", which "
                    + primary + " had when the switchover was ordered");
        }
    }
}
