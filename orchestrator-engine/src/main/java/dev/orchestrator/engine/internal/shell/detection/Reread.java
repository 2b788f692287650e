package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads the replicas of a source whose connection broke until all have noticed it too, or patience ends. */
final class Reread {
    private static final Duration PROBE = Duration.ofMillis(300);

    private final DetectionPorts ports;
    private final ConfirmerSettings settings;
    private final CountDownLatch closed;

    Reread(DetectionPorts ports, ConfirmerSettings settings, CountDownLatch closed) {
        this.ports = ports;
        this.settings = settings;
        this.closed = closed;
    }

    void run(Fleet fleet, FleetMember source) {
        List<InstanceKey> all = fleet.replicasOf(source.key()).stream()
                .filter(FleetMember::isReachable)
                .map(FleetMember::key)
                .toList();
        // One with several channels says here how that of another source fares.
        List<InstanceKey> connected = new ArrayList<>(all.stream()
                .filter(k -> fleet.instance(k).map(i -> i.channels().size() < 2).orElse(true))
                .toList());
        long rounds = settings.patience().dividedBy(settings.rereadInterval());
        for (long round = 0; round < rounds && !connected.isEmpty(); round++) {
            if (pause(closed, settings.rereadInterval())) {
                return;
            }
            connected.removeIf(key -> receiver(ports, key, PROBE) != ReplicationThreadState.RUNNING);
        }
        if (connected.isEmpty()) {
            ports.view().refresh(all, PROBE);
        }
    }

    /** What a replica's receiver says now; NONE when the replica does not answer. */
    static ReplicationThreadState receiver(DetectionPorts ports, InstanceKey replica, Duration deadline) {
        return channel(ports, replica, deadline)
                .map(ReplicationChannel::receiver)
                .orElse(ReplicationThreadState.NONE);
    }

    /** A replica's main channel as it is now; empty when the replica does not answer or has none. */
    static Optional<ReplicationChannel> channel(DetectionPorts ports, InstanceKey replica, Duration deadline) {
        return ports.gateway()
                .probe(replica, deadline)
                .match(seen -> seen.instance().mainChannel(), failed -> Optional.empty());
    }

    /** Waits; true when closed or interrupted meanwhile. */
    static boolean pause(CountDownLatch closed, Duration time) {
        try {
            return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
