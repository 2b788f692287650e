package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs that a source has to be looked at again: it stops answering, or a replica loses it although it still answered us.
 * Each is told once.
 *
 * @param silentSince since when silent sources have been, as far as that was told
 * @param receivers how the replicas' receivers were seen last
 */
record Signs(Map<InstanceKey, Instant> silentSince, Map<InstanceKey, ReplicationThreadState> receivers) {
    static final Signs NONE = new Signs(Map.of(), Map.of());

    Signs {
        silentSince = Map.copyOf(silentSince);
        receivers = Map.copyOf(receivers);
    }

    /** Looks at a cluster; adds what is to be looked at again. */
    Signs look(Fleet fleet, ClusterId cluster, List<DetectionEffect> suspects) {
        List<FleetMember> members = fleet.membersOf(cluster);
        if (members.stream().allMatch(m -> isAsBefore(fleet, m))) {
            return this;
        }
        Map<InstanceKey, Instant> silent = new HashMap<>(silentSince);
        Map<InstanceKey, ReplicationThreadState> seen = new HashMap<>(receivers);
        for (FleetMember member : members) {
            silent(fleet, member, silent).ifPresent(suspects::add);
            lost(fleet, member, seen).ifPresent(suspects::add);
        }
        if (silent.size() + seen.size() > 2 * fleet.members().size() + 100) {
            silent.keySet().removeIf(k -> fleet.member(k).isEmpty());
            seen.keySet().removeIf(k -> fleet.member(k).isEmpty());
        }
        return new Signs(silent, seen);
    }

    /** Nothing new shows on most readings. */
    private boolean isAsBefore(Fleet fleet, FleetMember member) {
        InstanceKey key = member.key();
        boolean silence = isSilent(member)
                ? Objects.equals(member.failingSince(), silentSince.get(key))
                        || fleet.replicasOf(key).isEmpty()
                : !silentSince.containsKey(key);
        ReplicationThreadState receiver = receiver(member);
        return silence && (receiver == null || receiver == receivers.get(key));
    }

    private static boolean isSilent(FleetMember member) {
        ProbeFailure failure = member.failure();
        return failure != null && member.failingSince() != null && !failure.serverAnswered();
    }

    /** How the receiver of one that answers is seen; null when it has none. */
    private static @Nullable ReplicationThreadState receiver(FleetMember member) {
        Instance facts = member.isReachable() ? member.instance() : null;
        return facts == null
                ? null
                : facts.mainChannel().map(ReplicationChannel::receiver).orElse(null);
    }

    private static Optional<DetectionEffect> silent(Fleet fleet, FleetMember member, Map<InstanceKey, Instant> silent) {
        ProbeFailure failure = member.failure();
        Instant since = member.failingSince();
        if (failure == null || since == null || failure.serverAnswered()) {
            silent.remove(member.key());
            return Optional.empty();
        }
        boolean isNew = !fleet.replicasOf(member.key()).isEmpty() && !since.equals(silent.put(member.key(), since));
        return isNew
                ? Optional.of(new DetectionEffect.Suspect(
                        member.key(), "poll failed: " + failure.kind() + " (" + failure.message() + ")"))
                : Optional.empty();
    }

    private static Optional<DetectionEffect> lost(
            Fleet fleet, FleetMember replica, Map<InstanceKey, ReplicationThreadState> seen) {
        ReplicationThreadState now = receiver(replica);
        ReplicationThreadState before = now == null ? null : seen.put(replica.key(), now);
        if (before != ReplicationThreadState.RUNNING || now != ReplicationThreadState.CONNECTING) {
            return Optional.empty();
        }
        return fleet.sourceOf(replica)
                .filter(FleetMember::isReachable)
                .map(s ->
                        new DetectionEffect.Suspect(s.key(), "replica " + replica.key() + " has lost its connection"));
    }
}
