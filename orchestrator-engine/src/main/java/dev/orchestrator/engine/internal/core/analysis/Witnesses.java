package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Counts replicas, and hears what they say together. */
final class Witnesses {
    /** The first row of which a replica speaks decides. */
    private static final List<Rank> RANK = List.of(
            new Rank(
                    ReplicaConsensus.CONTRADICTED,
                    Set.of(SourceView.CONNECTED, SourceView.REFUTES, SourceView.REFUSED)),
            new Rank(ReplicaConsensus.WAITING, Set.of(SourceView.STALE)),
            new Rank(ReplicaConsensus.IN_DOUBT, Set.of(SourceView.IN_DOUBT)),
            new Rank(ReplicaConsensus.AGREED, Set.of(SourceView.AGREES)),
            new Rank(ReplicaConsensus.NONE_WAS_CONNECTED, Set.of(SourceView.NO_EVIDENCE)));

    private record Rank(ReplicaConsensus verdict, Set<SourceView> voices) {}

    private static final Set<SourceView> UNREACHABLE_ONLY = Set.of(SourceView.UNREACHABLE);

    /** What most servers have. */
    private static final ReplicaCounts NO_REPLICAS = new ReplicaCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private Witnesses() {}

    static ReplicaConsensus verdict(List<ReplicaReport> witnesses) {
        if (witnesses.isEmpty()) {
            return ReplicaConsensus.NO_REPLICAS;
        }
        Set<SourceView> heard = EnumSet.noneOf(SourceView.class);
        witnesses.forEach(w -> heard.add(w.voice()));
        if (heard.equals(UNREACHABLE_ONLY)) {
            return ReplicaConsensus.ALL_UNREACHABLE;
        }
        for (Rank rank : RANK) {
            if (!Collections.disjoint(heard, rank.voices())) {
                return rank.verdict();
            }
        }
        return ReplicaConsensus.NOBODY_TRIED;
    }

    /**
     * A refusal that is older than another replica's attempt that found nothing is no proof of life any more.
     *
     * @param witnesses what each says by itself
     * @return what each says beside the others
     */
    static List<ReplicaReport> weigh(List<ReplicaReport> witnesses) {
        Optional<Instant> lost = witnesses.stream()
                .filter(w -> w.voice() == SourceView.AGREES)
                .flatMap(w -> Stream.ofNullable(w.at()))
                .max(Comparator.naturalOrder());
        return lost.isEmpty()
                ? witnesses
                : witnesses.stream().map(w -> w.unlessBefore(lost.get())).toList();
    }

    /** Whether a replica's receiver tries to connect and does not succeed. */
    static boolean fails(FleetMember replica) {
        return replica.isReachable() && receiver(replica) == ReplicationThreadState.CONNECTING;
    }

    private static ReplicationThreadState receiver(FleetMember replica) {
        return replica.facts()
                .flatMap(Instance::mainChannel)
                .map(ReplicationChannel::receiver)
                .orElse(ReplicationThreadState.NONE);
    }

    /** Whether all replicas that answered were read within the limit. */
    static boolean areFresh(List<FleetMember> replicas, AnalysisPolicy policy, Instant now) {
        Instant oldestReading = now.minus(policy.readingLimit());
        for (FleetMember replica : replicas) {
            if (replica.isReachable() && !isFresh(replica, oldestReading)) {
                return false;
            }
        }
        return true;
    }

    static boolean isFresh(FleetMember replica, Instant oldestReading) {
        Instant read = replica.lastSeen();
        return read != null && !read.isBefore(oldestReading);
    }

    static ReplicaCounts count(
            List<FleetMember> replicas, Set<InstanceKey> downtimed, AnalysisPolicy policy, Instant now) {
        if (replicas.isEmpty()) {
            return NO_REPLICAS;
        }
        ReplicaTally tally = new ReplicaTally(policy, now);
        for (FleetMember replica : replicas) {
            tally.add(replica, downtimed.contains(replica.key()));
        }
        return tally.counts();
    }
}
