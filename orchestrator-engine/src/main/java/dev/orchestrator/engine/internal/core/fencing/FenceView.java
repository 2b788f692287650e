package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One fence and what is known about it at a moment.
 *
 * @param fence a fence that stands
 * @param fleet the snapshot
 * @param recovery the record of the recovery that ordered it; null when it was removed as old, so that it ended long ago
 */
public record FenceView(Fence fence, Fleet fleet, @Nullable RecoveryRecord recovery) {
    boolean recoveryIsOver() {
        return recovery == null || !recovery.isActive();
    }

    /** A fence whose recovery promoted nobody does not outlive that recovery's record. */
    boolean successorWasWritable() {
        return recovery == null || recovery.promotedAt() != null;
    }

    /** The fenced server, by any key. */
    FencedServers servers() {
        return new FencedServers(fence, fleet);
    }

    /** Who took over, while it answers and is the same server as then. */
    Optional<FleetMember> successor() {
        String uuid = recovery == null ? "" : recovery.successorUuid();
        return fleet.member(fleet.canonical(fence.successor()))
                .filter(FleetMember::isReachable)
                .filter(m -> uuid.isEmpty()
                        || m.facts()
                                .map(Instance::serverUuid)
                                .filter(uuid::equals)
                                .isPresent());
    }

    /**
     * Whose readings say whether the topology was rebuilt around the fenced server.
     *
     * @return the members of the cluster it was the primary of, and of the one it is in now
     */
    public List<InstanceKey> everybody() {
        Set<InstanceKey> keys = new LinkedHashSet<>();
        fleet.membersOf(fence.cluster()).forEach(m -> keys.add(m.key()));
        servers().all().stream()
                .map(FleetMember::cluster)
                .distinct()
                .forEach(c -> fleet.membersOf(c).forEach(m -> keys.add(m.key())));
        return List.copyOf(keys);
    }

    /**
     * Who must not be changed by anybody else while the fence ends.
     *
     * @return the fenced server and who took over
     */
    public List<InstanceKey> both() {
        List<InstanceKey> keys = new ArrayList<>(servers().read());
        keys.add(fleet.canonical(fence.successor()));
        return List.copyOf(keys);
    }
}
