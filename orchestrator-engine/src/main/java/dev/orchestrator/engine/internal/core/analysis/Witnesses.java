package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.analysis.ReplicaCounts;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Counts replicas, and hears what they say together. */
final class Witnesses {
    private Witnesses() {}

    static Verdict verdict(List<Witness> witnesses) {
        if (witnesses.isEmpty()) {
            return Verdict.NO_REPLICAS;
        }
        if (witnesses.stream().allMatch(w -> w.voice() == Voice.UNREACHABLE)) {
            return Verdict.ALL_UNREACHABLE;
        }
        if (witnesses.stream().anyMatch(w -> w.voice() == Voice.CONNECTED || w.voice() == Voice.REFUTES)) {
            return Verdict.CONTRADICTED;
        }
        if (witnesses.stream().anyMatch(w -> w.voice() == Voice.STALE)) {
            return Verdict.WAITING;
        }
        return witnesses.stream().anyMatch(w -> w.voice() == Voice.AGREES) ? Verdict.AGREED : Verdict.NOBODY_TRIED;
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
