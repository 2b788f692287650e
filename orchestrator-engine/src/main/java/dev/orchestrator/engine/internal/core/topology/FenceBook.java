package dev.orchestrator.engine.internal.core.topology;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fences in force, by the server they hold and by the server that took over. */
final class FenceBook {
    private final Map<String, Fence> byUuid = new HashMap<>();
    private final Map<ClusterId, Fence> latest = new HashMap<>();

    FenceBook(List<Fence> fences) {
        for (Fence fence : fences) {
            byUuid.merge(fence.serverUuid(), fence, FenceBook::later);
            latest.merge(fence.cluster(), fence, FenceBook::later);
        }
    }

    private static Fence later(Fence a, Fence b) {
        return b.since().isAfter(a.since()) ? b : a;
    }

    Optional<Fence> fenceOf(FleetMember member) {
        return member.facts().map(Instance::serverUuid).map(byUuid::get);
    }

    boolean isFenced(FleetMember member) {
        return fenceOf(member).isPresent();
    }

    /** The latest fence of a cluster. */
    Optional<Fence> latestOf(ClusterId cluster) {
        return Optional.ofNullable(latest.get(cluster));
    }

    /** The latest fence of a cluster in which this server took over. */
    Optional<Fence> succeededIn(InstanceKey key) {
        return latest.values().stream().filter(f -> f.successor().equals(key)).findFirst();
    }
}
