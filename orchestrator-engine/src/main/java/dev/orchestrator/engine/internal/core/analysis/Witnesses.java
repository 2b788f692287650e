package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Counts replicas, and hears what they say together. */
final class Witnesses {
    /** The first row of which a replica speaks decides. */
    private static final List<Rank> RANK = List.of(
            new Rank(Verdict.CONTRADICTED, Set.of(Voice.CONNECTED, Voice.REFUTES, Voice.REFUSED)),
            new Rank(Verdict.WAITING, Set.of(Voice.STALE)),
            new Rank(Verdict.IN_DOUBT, Set.of(Voice.IN_DOUBT)),
            new Rank(Verdict.AGREED, Set.of(Voice.AGREES)),
            new Rank(Verdict.NONE_WAS_CONNECTED, Set.of(Voice.NO_EVIDENCE)));

    private record Rank(Verdict verdict, Set<Voice> voices) {}

    private Witnesses() {}

    static Verdict verdict(List<Witness> witnesses) {
        if (witnesses.isEmpty()) {
            return Verdict.NO_REPLICAS;
        }
        if (witnesses.stream().allMatch(w -> w.voice() == Voice.UNREACHABLE)) {
            return Verdict.ALL_UNREACHABLE;
        }
        return RANK.stream()
                .filter(rank -> witnesses.stream().anyMatch(w -> rank.voices().contains(w.voice())))
                .findFirst()
                .map(Rank::verdict)
                .orElse(Verdict.NOBODY_TRIED);
    }

    /**
     * A refusal that is older than another replica's attempt that found nothing is no proof of life any more.
     *
     * @param witnesses what each says by itself
     * @return what each says beside the others
     */
    static List<Witness> weigh(List<Witness> witnesses) {
        Optional<Instant> lost = witnesses.stream()
                .filter(w -> w.voice() == Voice.AGREES)
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
        return replicas.stream().filter(FleetMember::isReachable).allMatch(r -> isFresh(r, oldestReading));
    }

    private static boolean isFresh(FleetMember replica, Instant oldestReading) {
        Instant read = replica.lastSeen();
        return read != null && !read.isBefore(oldestReading);
    }

    private static boolean replicates(FleetMember replica, Instant oldestReading) {
        return replica.isReachable()
                && isFresh(replica, oldestReading)
                && receiver(replica) == ReplicationThreadState.RUNNING
                && channel(replica, c -> c.applier() == ReplicationThreadState.RUNNING);
    }

    private static boolean channel(FleetMember replica, Predicate<ReplicationChannel> test) {
        return replica.isReachable()
                && replica.facts().flatMap(Instance::mainChannel).filter(test).isPresent();
    }

    static ReplicaCounts count(
            List<FleetMember> replicas, Set<InstanceKey> downtimed, AnalysisPolicy policy, Instant now) {
        Instant oldestReading = now.minus(policy.readingLimit());
        List<Instance> logging = replicas.stream()
                .filter(FleetMember::isReachable)
                .flatMap(r -> r.facts().stream())
                .filter(f -> f.binlogEnabled() && f.logReplicaUpdates())
                .toList();
        Set<String> versions = new HashSet<>();
        logging.forEach(f -> versions.add(f.version().majorVersion()));
        return new ReplicaCounts(
                replicas.size(),
                count(replicas, FleetMember::isReachable),
                count(replicas, r -> replicates(r, oldestReading)),
                count(replicas, Witnesses::fails),
                count(replicas, r -> channel(r, c -> isLagging(c, policy))),
                count(replicas, r -> channel(r, c -> c.configuredDelay().compareTo(Duration.ZERO) > 0)),
                count(replicas, r -> downtimed.contains(r.key())),
                logging.size(),
                formats(logging, "STATEMENT"),
                formats(logging, "MIXED"),
                formats(logging, "ROW"),
                count(replicas, Witnesses::acknowledges),
                versions.size());
    }

    private static boolean isLagging(ReplicationChannel channel, AnalysisPolicy policy) {
        Duration lag = channel.lag();
        return lag != null && lag.compareTo(policy.lagThreshold()) > 0;
    }

    private static boolean acknowledges(FleetMember replica) {
        return replica.isReachable()
                && replica.facts().filter(f -> f.semiSync().replicaEnabled()).isPresent();
    }

    private static int formats(List<Instance> logging, String format) {
        return (int) logging.stream()
                .filter(f -> f.binlogFormat().toUpperCase(Locale.ROOT).equals(format))
                .count();
    }

    private static int count(List<FleetMember> replicas, Predicate<FleetMember> test) {
        return (int) replicas.stream().filter(test).count();
    }
}
