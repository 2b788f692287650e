package dev.orchestrator.simulation.server;

import dev.orchestrator.simulation.kind.ReplicationError;

/** What a receiver meets whose attempt to connect nobody answers. */
final class NoAnswer {
    private NoAnswer() {}

    /** Whether the source does not answer now. */
    static boolean isGivenBy(SimulatedServer source, SimulatedServer replica) {
        return source.process() == SimulatedServer.Running.FROZEN || isCutOff(source, replica);
    }

    /** Nobody took the connection, or who took it said nothing. */
    static ReplicationError of(SimulatedServer source, SimulatedServer replica) {
        return isCutOff(source, replica)
                ? ReplicationError.unreachable(source.key())
                : ReplicationError.lostConnection(source.key());
    }

    private static boolean isCutOff(SimulatedServer source, SimulatedServer replica) {
        String one = source.key().hostname();
        String other = replica.key().hostname();
        return replica.network.isCut(one, other) || replica.network.isCut(other, one);
    }
}
