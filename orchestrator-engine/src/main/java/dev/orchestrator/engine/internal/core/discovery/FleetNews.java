package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The events that follow from a new snapshot of the fleet. */
public final class FleetNews {
    private FleetNews() {}

    /**
     * All that a change brings.
     *
     * @param change the change
     * @param now when it is told
     * @return the events of servers, then those of primaries
     */
    public static List<OrchestratorEvent> of(FleetChange change, Instant now) {
        List<OrchestratorEvent> news = new ArrayList<>();
        change.before().forEach((key, before) -> addMember(key, before, change.fleet(), now, news));
        news.addAll(ofPrimaries(change.previous(), change.fleet(), now));
        return news;
    }

    private static void addMember(
            InstanceKey key, Optional<FleetMember> before, Fleet fleet, Instant now, List<OrchestratorEvent> news) {
        FleetMember after = fleet.member(key).filter(m -> m.key().equals(key)).orElse(null);
        if (after == null) {
            boolean renamed = fleet.member(key).isPresent();
            if (before.isPresent() && !renamed) {
                news.add(new OrchestratorEvent.InstanceForgotten(now, key));
            }
            return;
        }
        Optional<Cluster> cluster = fleet.cluster(after.cluster());
        if (before.isEmpty() && cluster.isPresent()) {
            news.add(new OrchestratorEvent.InstanceDiscovered(now, key, cluster.get()));
        }
        ProbeFailure failure = after.failure();
        boolean failedBefore = before.map(b -> b.failure() != null).orElse(false);
        if (failure != null && !failedBefore) {
            news.add(new OrchestratorEvent.InstanceLost(now, key, failure));
        } else if (failure == null && failedBefore) {
            news.add(new OrchestratorEvent.InstanceBack(now, key));
        }
    }

    /**
     * The clusters whose primary is another one. Of all clusters: what operators want can make another server the primary
     * without a new reading of any.
     *
     * @param previous the fleet before
     * @param fleet the fleet now
     * @param now when it is told
     * @return the events
     */
    public static List<OrchestratorEvent> ofPrimaries(Fleet previous, Fleet fleet, Instant now) {
        List<OrchestratorEvent> news = new ArrayList<>();
        for (Cluster after : fleet.clusters()) {
            Cluster before = previous.cluster(after.id()).orElse(null);
            if (before != null && !Objects.equals(before.primary(), after.primary())) {
                news.add(new OrchestratorEvent.PrimaryChanged(now, after.id(), before.primary(), after.primary()));
            }
        }
        return news;
    }
}
