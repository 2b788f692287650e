package dev.orchestrator.simulation;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;

/**
 * Who was pointed elsewhere, at a sibling to catch up from it or at a successor, reads from where it read before once that is
 * given up, or is named: it would follow somebody who is nobody's source.
 */
final class PutBackCheck {
    private final Schedule world;

    PutBackCheck(Schedule world) {
        this.world = world;
    }

    void ended(State state) {
        if (state.end() == Effect.End.GIVEN_UP && !state.memory().isOvertaken() && isItsOwn(state.record())) {
            state.terms().before().servers().forEach(before -> check(before, state.record()));
        }
    }

    /** A service that slept may end what another has gone on with and ended long ago. */
    private boolean isItsOwn(RecoveryRecord record) {
        return world.backend().rows().recoveries().stream()
                .anyMatch(r -> r.uid().equals(record.uid()) && r.isActive());
    }

    private void check(ServerBefore before, RecoveryRecord record) {
        SimulatedServer server = world.servers().get(before.key());
        if (server.process() != Running.UP || isNamed(before.key(), record)) {
            return;
        }
        for (ServerBefore.ChannelBefore channel : before.channels()) {
            if (!server.reads(channel.source())) {
                throw new Violation(before.key() + " was left reading from elsewhere than " + channel.source()
                        + " when " + record.type() + " of " + record.failed() + " was given up, and nobody says so");
            }
        }
    }

    private static boolean isNamed(InstanceKey key, RecoveryRecord record) {
        return record.errors().stream().anyMatch(e -> e.contains(key.toString()));
    }
}
