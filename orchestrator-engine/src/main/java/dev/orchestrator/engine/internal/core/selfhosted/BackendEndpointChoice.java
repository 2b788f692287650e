package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.spi.BackendEndpoint;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a node goes whose backend does not answer or became read-only.
 *
 * @param seat the copy to go on with, null to stay
 * @param why the reason, for people
 */
public record BackendEndpointChoice(@Nullable BackendEndpoint seat, String why) {
    /**
     * Chooses. Only a writable copy counts, and of several the one whose lease has the greatest epoch. A copy that knows
     * less than this node has seen is a former one, and so is one that was left and has not learned anything since.
     *
     * @param seen the copies that answered, without replicas
     * @param here the address that is in use
     * @param lastEpoch the greatest epoch this node has seen
     * @param left addresses that were in use before
     * @return the choice
     */
    public static BackendEndpointChoice among(
            Collection<BackendEndpoint> seen, InstanceKey here, long lastEpoch, Set<InstanceKey> left) {
        List<BackendEndpoint> writable =
                seen.stream().filter(BackendEndpoint::writable).toList();
        long greatest =
                writable.stream().mapToLong(BackendEndpoint::epoch).max().orElse(-1);
        List<BackendEndpoint> newest =
                writable.stream().filter(s -> s.epoch() == greatest).toList();
        if (newest.isEmpty()) {
            return stay("none of its servers that answer is writable and replicates from nobody");
        }
        if (newest.size() > 1) {
            return stay("several of its servers are writable, and none is known to be the newer one: " + newest);
        }
        BackendEndpoint only = newest.get(0);
        if (only.address().equals(here)) {
            return stay("it is writable where it is");
        }
        if (only.epoch() < lastEpoch || (only.epoch() == lastEpoch && left.contains(only.address()))) {
            return stay(only.address() + " is writable, but knows of no epoch after " + only.epoch() + ", and epoch "
                    + lastEpoch + " was seen: it is a former primary");
        }
        return new BackendEndpointChoice(
                only, only.address() + " is the one that is writable, with epoch " + only.epoch());
    }

    /**
     * Whether another copy keeps this node from taking a lease that is free. With equal epochs, one that is nobody's
     * replica may have been promoted a moment ago.
     *
     * @param other the other copy
     * @param here the copy that is in use
     * @param facts the server of the other copy; empty when it cannot be read
     * @return true when it may be the one that counts
     */
    public static boolean isRival(BackendEndpoint other, BackendEndpoint here, Optional<Instance> facts) {
        boolean alike = other.epoch() == here.epoch();
        boolean counts = facts.map(BackendEndpointChoice::replicatesFromNobody).orElse(true);
        return other.writable() && (other.epoch() > here.epoch() || (alike && counts));
    }

    /**
     * Whether a copy may be gone to. A replica that somebody forgot to make read-only is not the backend, however writable
     * it is.
     *
     * @param seat the copy
     * @param facts its server; empty when it cannot be read
     * @return false also when that cannot be read
     */
    public static boolean mayBeTheBackend(BackendEndpoint seat, Optional<Instance> facts) {
        return seat.writable()
                && facts.filter(BackendEndpointChoice::replicatesFromNobody).isPresent();
    }

    private static boolean replicatesFromNobody(Instance instance) {
        return instance.channels().stream().allMatch(c -> c.receiver() == ReplicationThreadState.STOPPED);
    }

    private static BackendEndpointChoice stay(String why) {
        return new BackendEndpointChoice(null, why);
    }
}
