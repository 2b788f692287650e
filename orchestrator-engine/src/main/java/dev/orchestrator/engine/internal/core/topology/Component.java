package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Servers that hang together by replication.
 *
 * @param members their indexes
 * @param leader the server at the top, null when all that is known there are replicas of an unknown server
 * @param leaderReplicas how many replicate directly from the leader
 */
record Component(List<Integer> members, @Nullable FleetMember leader, int leaderReplicas) {
    /** A writable server with replicas of its own, seen at work: only such a one may take an identity from another. */
    boolean isSovereign(FenceBook fences) {
        return leader != null && leaderReplicas > 0 && isServing(leader) && !fences.isFenced(leader);
    }

    static boolean isServing(FleetMember member) {
        return member.isReachable() && member.facts().map(Instance::isWritable).orElse(false);
    }
}
