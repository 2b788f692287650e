package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.BackendEndpoint;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of the servers that its backend lives on. A value.
 *
 * @param home the backend's cluster, null as long as it is not known
 * @param lastEpoch the greatest epoch of a lease that was seen in any copy
 * @param left addresses that were in use before
 */
public record BackendEndpoints(@Nullable SelfHostedBackendCluster home, long lastEpoch, Set<InstanceKey> left) {
    /** Nothing was seen yet. */
    public static final BackendEndpoints UNKNOWN = new BackendEndpoints(null, 0, Set.of());

    /** Copies the set. */
    public BackendEndpoints {
        left = Set.copyOf(left);
    }

    /**
     * Whether the backend lives on a server.
     *
     * @param server a watched server
     * @param fleet the snapshot it is in
     * @return false when it does not, or is not known to
     */
    public boolean isHome(InstanceKey server, Fleet fleet) {
        return home != null && fleet.canonical(server).equals(fleet.canonical(home.server()));
    }

    /**
     * Whether a copy can be the backend: it takes writes and is not outdated.
     *
     * @param seat the copy
     * @return false for one that knows less than was seen
     */
    public boolean isSound(BackendEndpoint seat) {
        return seat.writable() && seat.epoch() >= lastEpoch;
    }

    /**
     * An epoch was seen.
     *
     * @param epoch of the lease in a copy
     * @return with it, if it is the greatest
     */
    public BackendEndpoints seen(long epoch) {
        return new BackendEndpoints(home, Math.max(lastEpoch, epoch), left);
    }

    /**
     * The backend's cluster was looked for.
     *
     * @param found what was found
     * @return with that
     */
    public BackendEndpoints in(Optional<SelfHostedBackendCluster> found) {
        return new BackendEndpoints(found.orElse(null), lastEpoch, left);
    }

    /**
     * The backend is used at another address from now on.
     *
     * @param from where it was used, empty for nowhere
     * @param to where it is used
     * @return with that
     */
    public BackendEndpoints moved(Optional<InstanceKey> from, InstanceKey to) {
        Set<InstanceKey> now = new TreeSet<>(left);
        from.ifPresent(now::add);
        now.remove(to);
        return new BackendEndpoints(home, lastEpoch, now);
    }

    /**
     * Where a copy may be that can be gone on with.
     *
     * @param here the address that is in use
     * @param configured the address of the configuration
     * @param sources where the server there replicates from: the backend is written where a read-only copy gets its rows
     * @return all that are to be looked at
     */
    public Set<InstanceKey> candidates(InstanceKey here, InstanceKey configured, Collection<InstanceKey> sources) {
        Set<InstanceKey> candidates = new TreeSet<>(sources);
        candidates.add(here);
        candidates.add(configured);
        if (home != null) {
            candidates.add(home.server());
            candidates.addAll(home.others());
        }
        return candidates;
    }
}
