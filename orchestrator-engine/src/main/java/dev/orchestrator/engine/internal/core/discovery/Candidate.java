package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.ProbeFailure;
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
        /** An operator or the configuration named it. */
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
     * Whether it joins the fleet though it did not answer. A seed that refuses our account is a server that somebody wants
     * watched: it joins with its problem.
     *
     * @param failure how it failed
     * @return true when there must be a server
     */
    public boolean joinsUnseen(ProbeFailure failure) {
        return origin.isCertain() || (origin == Origin.SEED && failure.kind() == ProbeFailure.Kind.ACCESS_DENIED);
    }

    /**
     * The servers that one server tells of, the most certain first.
     *
     * @param facts what it says
     * @return candidates; may name servers that are known already, and the server itself
     */
    public static List<Candidate> of(Instance facts) {
        List<Candidate> found = new ArrayList<>();
        for (ReplicationChannel channel : facts.channels()) {
            found.add(new Candidate(channel.source(), Origin.SOURCE, channel.sourceUuid()));
        }
        addReplicas(facts, false, Origin.REPLICA, found);
        if (facts.group() != null) {
            facts.group().members().forEach(m -> found.add(new Candidate(m, Origin.GROUP_MEMBER, null)));
        }
        addReplicas(facts, true, Origin.REPLICA_WITH_ASSUMED_PORT, found);
        return found;
    }

    private static void addReplicas(Instance facts, boolean portAssumed, Origin origin, List<Candidate> found) {
        for (KnownReplica replica : facts.replicas()) {
            if (replica.portAssumed() == portAssumed) {
                found.add(new Candidate(replica.key(), origin, replica.serverUuid()));
            }
        }
    }
}
