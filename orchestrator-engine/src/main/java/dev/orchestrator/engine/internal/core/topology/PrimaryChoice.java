package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of the leaders of a cluster's components is its primary.
 *
 * <p>A fence names who took over, before that one has any replica. It may stand for ever, as the former primary never
 * comes back, and the one it names may be a replica by then, or another server of that name: so it decides only until
 * another primary was seen. Fences do not hold the server_uuid of who took over.
 *
 * @param former the cluster in the snapshot before, null when it is new
 * @param latest its latest fence
 * @param fences all fences
 */
record PrimaryChoice(@Nullable Cluster former, Optional<Fence> latest, FenceBook fences) {
    /** One that leads. */
    private record Candidate(FleetMember member, int replicas) {
        int rank() {
            boolean serving = Component.isServing(member);
            return replicas > 0 ? (serving ? 3 : 2) : (serving ? 1 : 0);
        }

        boolean servesReplicas() {
            return replicas > 0 && Component.isServing(member);
        }

        GtidSet executed() {
            return member.facts().map(Instance::executedGtids).orElse(GtidSet.empty());
        }
    }

    /** The primary, null when no part is led by anybody. */
    @Nullable
    FleetMember among(List<Component> parts) {
        List<Candidate> candidates = parts.stream()
                .flatMap(p -> Stream.ofNullable(p.leader()).map(l -> new Candidate(l, p.leaderReplicas())))
                .toList();
        return candidates.stream()
                .min(Comparator.comparing((Candidate c) -> fences.isFenced(c.member))
                        .thenComparing(c -> !tookOver(c, candidates))
                        .thenComparing(c -> -c.rank())
                        .thenComparing(c -> former == null || !c.member.key().equals(former.primary()))
                        .thenComparing(c -> -c.replicas)
                        .thenComparing(c -> c.member.key()))
                .map(Candidate::member)
                .orElse(null);
    }

    /** Whether the latest fence says so, no other primary was seen since, and no server that serves holds its writes. */
    private boolean tookOver(Candidate candidate, List<Candidate> all) {
        if (former == null
                || latest.filter(f -> f.successor().equals(candidate.member.key()))
                        .isEmpty()) {
            return false;
        }
        InstanceKey primary = former.primary();
        boolean othersSeen = !candidate.member.key().equals(primary)
                && !latest.get().instance().equals(primary);
        return !othersSeen
                && all.stream()
                        .filter(c -> !c.equals(candidate) && c.servesReplicas() && !fences.isFenced(c.member))
                        .noneMatch(c -> c.executed().contains(candidate.executed()));
    }
}
