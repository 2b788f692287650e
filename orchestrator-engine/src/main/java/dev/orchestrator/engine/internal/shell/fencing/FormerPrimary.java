package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.recovery.Losses;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Finds out what a former primary that is read-only holds and its successor does not, and writes it down. */
final class FormerPrimary {
    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int LOOKS = 3;

    /** How it ended. */
    enum Found {
        /** It was looked at, or could not be. */
        LOOKED_AT,
        /** It is writable again. */
        WRITABLE
    }

    private final FencingPorts ports;
    private final FencingPorts.Pause pause;
    private final FenceWriter writer;
    private final BooleanSupplier cancelled;
    private final Fence fence;
    private @Nullable GtidSet concluded;

    FormerPrimary(FencingPorts ports, FencingPorts.Pause pause, FenceWriter writer, BooleanSupplier cancelled) {
        this.ports = ports;
        this.pause = pause;
        this.writer = writer;
        this.cancelled = cancelled;
        this.fence = writer.fence();
    }

    /** Looks more than once: a commit that was waiting when the fence came can still get through. */
    Found compare() {
        for (int look = 0; look < LOOKS && !cancelled.getAsBoolean(); look++) {
            InstanceKey primary = primary();
            Fleet fleet = ports.fleet().refresh(List.of(fence.instance(), primary), READ);
            Optional<Instance> former = answering(fleet, fence.instance())
                    .filter(i -> i.serverUuid().equals(fence.serverUuid()));
            if (former.filter(Instance::isWritable).isPresent()) {
                return Found.WRITABLE;
            }
            Optional<Instance> successor = answering(fleet, primary);
            boolean goOn = former.isEmpty() || successor.isEmpty() || conclude(former.get(), successor.get(), primary);
            if (!goOn || !pause.rest(BETWEEN_LOOKS)) {
                return Found.LOOKED_AT;
            }
        }
        return Found.LOOKED_AT;
    }

    private InstanceKey primary() {
        return ports.fleet()
                .current()
                .cluster(fence.cluster())
                .map(Cluster::primary)
                .filter(p -> !p.equals(fence.instance()))
                .orElse(fence.successor());
    }

    /** False when the fence does not stand any more. */
    private boolean conclude(Instance former, Instance successor, InstanceKey primary) {
        GtidSet held = successor.executedGtids();
        Losses losses = Losses.atReturn(fence.instance(), former.executedGtids(), held, primary);
        if (losses.gtids().equals(concluded)) {
            return true;
        }
        boolean clean = losses.gtids().isEmpty();
        if (!writer.remember(clean ? FenceState.CLEAN : FenceState.AHEAD, losses.note())) {
            return false;
        }
        concluded = losses.gtids();
        writer.tell(clean ? "former-primary-clean" : "former-primary-ahead", losses.note());
        ports.records().complete(fence, losses, held, writer.right());
        return true;
    }

    private static Optional<Instance> answering(Fleet fleet, InstanceKey key) {
        return fleet.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
    }
}
