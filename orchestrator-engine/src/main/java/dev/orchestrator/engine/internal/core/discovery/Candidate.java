package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.ReplicationChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that may lead to a server not known yet.
 *
 * @param key where to look
 * @param origin how it was come by
 * @param serverUuid the identity it is said to have, null when unknown
 */
public record Candidate(
        InstanceKey key, Origin origin, @Nullable String serverUuid) {
    /** How a candidate was come by. */
    public enum Origin {
        /** A person or the configuration named it. */
        SEED,
        /** A replica names it as its source. */
        SOURCE,
        /** A source names it as its replica, with the port. */
        REPLICA,
        /** A source shows a replica's connection; the port is only assumed. */
        REPLICA_WITH_ASSUMED_PORT,
        /** A member of a replication group names it. */
        GROUP_MEMBER,
        /** A server we know gives it as its own name. */
        OWN_NAME;

        /**
         * Whether there must be a server, so that it joins the fleet even when it does not answer.
         *
         * @return true when another server works with it
         */
        public boolean isCertain() {
            return switch (this) {
                case SOURCE, REPLICA, GROUP_MEMBER -> true;
                case SEED, REPLICA_WITH_ASSUMED_PORT, OWN_NAME -> false;
            };
        }
    }

    /**
     * The servers that one server tells of, the most certain first. Where as many replicas registered as are connected,
     * the process list with its assumed ports has nothing to add.
     *
     * @param facts what it says
     * @param byRegistration whether the keys that replicas registered themselves with are to be used
     * @return candidates; may name servers that are known already, and the server itself
     */
    public static List<Candidate> of(Instance facts, boolean byRegistration) {
        List<Candidate> found = new ArrayList<>();
        for (ReplicationChannel channel : facts.channels()) {
            found.add(new Candidate(channel.source(), Origin.SOURCE, channel.sourceUuid()));
        }
        List<KnownReplica> registered = replicas(facts, false);
        List<KnownReplica> connected = replicas(facts, true);
        if (byRegistration) {
            registered.forEach(r -> found.add(new Candidate(r.key(), Origin.REPLICA, r.serverUuid())));
        }
        if (facts.group() != null) {
            facts.group().members().forEach(m -> found.add(new Candidate(m, Origin.GROUP_MEMBER, null)));
        }
        if (!byRegistration || registered.size() < connected.size()) {
            connected.forEach(r -> found.add(new Candidate(r.key(), Origin.REPLICA_WITH_ASSUMED_PORT, r.serverUuid())));
        }
        return found;
    }

    private static List<KnownReplica> replicas(Instance facts, boolean portAssumed) {
        return facts.replicas().stream()
                .filter(r -> r.portAssumed() == portAssumed)
                .toList();
    }
}
