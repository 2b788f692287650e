package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.fencing.FenceView;
import dev.orchestrator.engine.internal.core.fencing.Rebuilding;
import dev.orchestrator.engine.internal.shell.execution.Authority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a fence around which people rebuilt the topology. Under the locks of the two servers and with the cluster's slot
 * free, so that nobody is promoted between the last look and the end.
 */
final class FenceEnding {
    private static final Logger log = LoggerFactory.getLogger(FenceEnding.class);
    private static final Duration READ = Duration.ofSeconds(1);

    private final FencingPorts ports;

    FenceEnding(FencingPorts ports) {
        this.ports = ports;
    }

    /** Returns whether it ended. */
    boolean end(FenceView view) {
        Fence fence = view.fence();
        List<InstanceKey> both = List.of(fence.instance(), view.fleet().canonical(fence.successor()));
        try (MaintenanceLock lock = ports.locks()
                .acquire(
                        both, ports.self(), "ending the fence of " + fence.instance() + ": the topology was rebuilt")) {
            Fleet fleet = ports.fleet().refresh(everybody(view), READ);
            Rebuilding now = Rebuilding.in(new FenceView(fence, fleet, view.recovery()));
            if (!now.isSeen()) {
                return false;
            }
            lock.check();
            return end(fence, now);
        } catch (OrchestratorException e) {
            if (e.code() != ErrorCode.LOCKED && e.code() != ErrorCode.LOCK_LOST) {
                throw e;
            }
            log.atInfo()
                    .addKeyValue("instance", fence.instance())
                    .addKeyValue("why", e.getMessage())
                    .log("its fence cannot end yet");
            return false;
        }
    }

    private static List<InstanceKey> everybody(FenceView view) {
        Set<InstanceKey> keys = new LinkedHashSet<>();
        view.fleet().membersOf(view.fence().cluster()).forEach(m -> keys.add(m.key()));
        view.fleet()
                .memberByUuid(view.fence().serverUuid())
                .map(FleetMember::cluster)
                .ifPresent(c -> view.fleet().membersOf(c).forEach(m -> keys.add(m.key())));
        return new ArrayList<>(keys);
    }

    private boolean end(Fence fence, Rebuilding now) {
        FenceWriter writer = new FenceWriter(ports, fence, Authority.none());
        String loss = now.missing().isEmpty()
                ? "it holds everything that " + fence.successor() + " has executed"
                : "LOST with this: " + now.missing() + ", which " + fence.successor() + " has executed and it has not";
        String note = "the topology was rebuilt around it: " + now.words() + "; " + loss;
        boolean ended = ports.fences().end(fence, note, writer.right());
        if (ended) {
            writer.tell("fence-ended", "the fence of " + fence.instance() + " has ended: " + note);
        }
        return ended;
    }
}
