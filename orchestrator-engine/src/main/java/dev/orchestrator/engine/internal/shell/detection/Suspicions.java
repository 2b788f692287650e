package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.internal.shell.discovery.FleetView;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has sources looked at again: when a source stops answering, and when a replica loses a source that still answered us.
 * Each sign is told once. Owned by the detection thread.
 */
final class Suspicions {
    private final FleetView view;
    private final Map<InstanceKey, Instant> silentSince = new HashMap<>();
    private final Map<InstanceKey, ReplicationThreadState> receivers = new HashMap<>();

    Suspicions(FleetView view) {
        this.view = view;
    }

    void raise(Fleet fleet, ClusterId cluster) {
        for (FleetMember member : fleet.membersOf(cluster)) {
            raiseSilent(fleet, member);
            raiseLost(fleet, member);
        }
        if (silentSince.size() + receivers.size() > 2 * fleet.members().size() + 100) {
            silentSince.keySet().removeIf(k -> fleet.member(k).isEmpty());
            receivers.keySet().removeIf(k -> fleet.member(k).isEmpty());
        }
    }

    private void raiseSilent(Fleet fleet, FleetMember member) {
        ProbeFailure failure = member.failure();
        Instant since = member.failingSince();
        if (failure == null || since == null || failure.serverAnswered()) {
            silentSince.remove(member.key());
        } else if (!fleet.replicasOf(member.key()).isEmpty() && !since.equals(silentSince.put(member.key(), since))) {
            view.suspect(member.key(), "poll failed: " + failure.kind() + " (" + failure.message() + ")");
        }
    }

    private void raiseLost(Fleet fleet, FleetMember replica) {
        @Nullable
        ReplicationThreadState now = replica.isReachable()
                ? replica.facts()
                        .flatMap(Instance::mainChannel)
                        .map(ReplicationChannel::receiver)
                        .orElse(null)
                : null;
        if (now == null) {
            return;
        }
        ReplicationThreadState before = receivers.put(replica.key(), now);
        if (before == ReplicationThreadState.RUNNING && now == ReplicationThreadState.CONNECTING) {
            Optional<FleetMember> source = fleet.sourceOf(replica);
            source.filter(FleetMember::isReachable)
                    .ifPresent(s -> view.suspect(s.key(), "replica " + replica.key() + " has lost its connection"));
        }
    }
}
