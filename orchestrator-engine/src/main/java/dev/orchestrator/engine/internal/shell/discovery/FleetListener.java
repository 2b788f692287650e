package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import java.util.Set;

/** Told when the picture of the fleet has changed. Must not block. */
@FunctionalInterface
public interface FleetListener {
    /**
     * New observations are in.
     *
     * @param fleet the new picture
     * @param touched the clusters that observations arrived for
     */
    void fleetChanged(Fleet fleet, Set<ClusterId> touched);
}
