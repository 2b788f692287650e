package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.channel.StoredCredentials;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses the one replica whose receiver may be restarted to see whether a silent source still lives. A restart must do
 * no harm if the source lives after all: no acknowledgement may be missed, nothing received may be dropped.
 */
public final class ReceiverTestChoice {
    private ReceiverTestChoice() {}

    /**
     * Chooses.
     *
     * @param fleet the snapshot
     * @param source the silent source
     * @param excluded replicas that must not be tested now
     * @param lost replicas that an earlier test found to have lost the source: testing them again costs nothing
     * @param policy how shortly before the failure a receiver that does not run must have been connected: of any other a
     *     test would say nothing, as it did not lose its source then
     * @return the replica, preferably one that is not connected any more, that acknowledges nothing and has received
     *     least; empty when none may be tested
     */
    public static Optional<FleetMember> choose(
            Fleet fleet, InstanceKey source, Set<InstanceKey> excluded, Set<InstanceKey> lost, AnalysisPolicy policy) {
        List<FleetMember> replicas = fleet.replicasOf(source);
        FleetMember failing = fleet.member(source).orElseThrow();
        Instant since = failing.failingSince();
        Predicate<ReplicationChannel> connectedBefore =
                c -> since != null && Loss.wasConnected(failing, since, c, policy);
        boolean ackersNeeded = areAllAckersNeeded(fleet, source, replicas);
        return replicas.stream()
                .filter(r -> !excluded.contains(r.key()))
                .filter(r -> !(ackersNeeded && acknowledges(r)))
                .filter(r -> isHarmless(r, lost.contains(r.key()), connectedBefore))
                .min(Comparator.comparing(ReceiverTestChoice::isConnected)
                        .thenComparing(ReceiverTestChoice::acknowledges)
                        .thenComparing(r ->
                                r.facts().map(f -> f.receivedGtids().count()).orElse(0L))
                        .thenComparing(FleetMember::key));
    }

    private static boolean areAllAckersNeeded(Fleet fleet, InstanceKey source, List<FleetMember> replicas) {
        int needed = fleet.instance(source)
                .map(Instance::semiSync)
                .map(SemiSyncState::waitForReplicas)
                .orElse(1);
        long ackers = replicas.stream().filter(ReceiverTestChoice::acknowledges).count();
        return ackers <= Math.max(1, needed);
    }

    private static boolean acknowledges(FleetMember replica) {
        return replica.facts().filter(f -> f.semiSync().replicaActive()).isPresent();
    }

    private static boolean isConnected(FleetMember replica) {
        return replica.facts()
                .flatMap(Instance::mainChannel)
                .filter(c -> c.receiver() == ReplicationThreadState.RUNNING)
                .isPresent();
    }

    private static boolean isHarmless(
            FleetMember replica, boolean lost, Predicate<ReplicationChannel> connectedBefore) {
        return replica.isReachable()
                && replica.facts()
                        .filter(f -> !f.serverUuid().isEmpty())
                        // What a test watches is the receiver of a server; one with several would answer for another.
                        .filter(f -> f.channels().size() == 1)
                        .filter(f -> f.mainChannel()
                                .filter(c -> isHarmless(c, f, lost, connectedBefore))
                                .isPresent())
                        .isPresent();
    }

    /** MariaDB drops what was received and not applied when a receiver with GTID is restarted. */
    private static boolean isHarmless(
            ReplicationChannel channel, Instance facts, boolean lost, Predicate<ReplicationChannel> connectedBefore) {
        boolean keepsReceived = channel.autoPosition()
                || (channel.mariaDbGtid() && facts.executedGtids().contains(channel.retrievedGtids()));
        return keepsReceived
                // Started with an account that is not kept, it would not come back.
                && channel.credentialsStored() == StoredCredentials.STORED
                && (channel.receiver() == ReplicationThreadState.RUNNING
                        || (wasRefused(channel) && connectedBefore.test(channel))
                        || (lost && isConnecting(channel)))
                && channel.configuredDelay().isZero();
    }

    private static boolean isConnecting(ReplicationChannel channel) {
        return channel.receiver() == ReplicationThreadState.CONNECTING && !channel.detached();
    }

    /** One that was connected and then refused can tell whether its source still refuses it. */
    private static boolean wasRefused(ReplicationChannel channel) {
        ReceiverError error = ReceiverError.of(channel);
        return isConnecting(channel) && (error == ReceiverError.REFUSED || error == ReceiverError.OTHER);
    }
}
