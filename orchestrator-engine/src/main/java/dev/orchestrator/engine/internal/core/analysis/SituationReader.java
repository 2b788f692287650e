package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers the facts about one server after the other from one snapshot. */
final class SituationReader {
    private final Fleet fleet;
    private final FailureAnalyzer.Question question;
    private final AnalysisPolicy policy;
    private final Set<InstanceKey> downtimed = new HashSet<>();
    private final Set<String> fenced = new HashSet<>();

    SituationReader(FailureAnalyzer.Question question, AnalysisPolicy policy) {
        this.fleet = question.fleet();
        this.question = question;
        this.policy = policy;
        question.intents().downtimes().keySet().forEach(key -> downtimed.add(fleet.canonical(key)));
        question.fences().forEach(f -> fenced.add(f.serverUuid()));
    }

    Set<InstanceKey> downtimed() {
        return downtimed;
    }

    /** Gathers the facts about a member, whose replicas are these. */
    Situation read(FleetMember member, List<FleetMember> replicas) {
        Cluster cluster = fleet.cluster(member.cluster())
                .orElseThrow(() -> new IllegalStateException("no cluster " + member.cluster() + " of " + member.key()));
        Optional<FleetMember> source = fleet.sourceOf(member);
        Situation.Role role = role(member, source);
        List<ReplicaReport> witnesses = witnesses(member, replicas);
        return new Situation(
                member,
                cluster,
                sourceKey(member, source),
                source.map(SituationReader::isFailing).orElse(false),
                role,
                role == Situation.Role.REPLICA ? depth(member) : 0,
                isSuperseded(member, cluster),
                downtimed.contains(member.key()),
                Witnesses.count(replicas, downtimed, policy, question.now()),
                Witnesses.areFresh(replicas, policy, question.now()),
                witnesses,
                isSilent(member) ? Witnesses.verdict(witnesses) : ReplicaConsensus.NOT_ASKED,
                standsFor(member),
                policy);
    }

    private Situation.Role role(FleetMember member, Optional<FleetMember> source) {
        boolean replicates = member.facts().flatMap(Instance::mainChannel).isPresent();
        if (!replicates || source.filter(s -> s.key().equals(member.key())).isPresent()) {
            return Situation.Role.PRIMARY;
        }
        boolean ring = source.flatMap(fleet::sourceOf)
                .filter(s -> s.key().equals(member.key()))
                .isPresent();
        return ring ? Situation.Role.CO_PRIMARY : Situation.Role.REPLICA;
    }

    private static @Nullable InstanceKey sourceKey(FleetMember member, Optional<FleetMember> source) {
        return source.map(FleetMember::key)
                .or(() -> member.facts().flatMap(Instance::mainChannel).map(ReplicationChannel::source))
                .orElse(null);
    }

    /** The number of sources above; co-primaries stand at 0, and a way that never ends is cut at its second round. */
    private int depth(FleetMember member) {
        List<InstanceKey> seen = new ArrayList<>(4);
        FleetMember at = member;
        while (at != null && !seen.contains(at.key())) {
            Optional<FleetMember> source = fleet.sourceOf(at);
            if (role(at, source) != Situation.Role.REPLICA) {
                break;
            }
            seen.add(at.key());
            at = source.orElse(null);
        }
        return seen.size();
    }

    private boolean isSuperseded(FleetMember member, Cluster cluster) {
        boolean underFence = member.facts()
                .map(Instance::serverUuid)
                .filter(fenced::contains)
                .isPresent();
        InstanceKey primary = cluster.primary();
        boolean displaced = primary != null
                && !primary.equals(member.key())
                && member.facts().flatMap(Instance::mainChannel).isEmpty()
                && fleet.member(primary)
                        .filter(p -> p.isReachable() && FailureAnalyzer.isWritable(p))
                        .isPresent();
        return underFence || displaced;
    }

    private List<ReplicaReport> witnesses(FleetMember member, List<FleetMember> replicas) {
        Instant since = member.failingSince();
        if (!isFailing(member) || since == null) {
            return List.of();
        }
        ReplicaReport.Question asked =
                new ReplicaReport.Question(member, since, question.now(), policy, question.history());
        return Witnesses.weigh(
                replicas.stream().map(r -> ReplicaReport.ask(r, asked)).toList());
    }

    private @Nullable Duration standsFor(FleetMember member) {
        Instant since = question.history().standingSince().get(member.key());
        return since == null ? null : Duration.between(since, question.now());
    }

    private static boolean isFailing(FleetMember member) {
        return member.failure() != null;
    }

    private static boolean isSilent(FleetMember member) {
        ProbeFailure failure = member.failure();
        return failure != null && !failure.serverAnswered();
    }
}
