package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.discovery.FleetChange;
import dev.orchestrator.engine.internal.core.discovery.SentinelChoice;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a sentinel on every reachable server that others replicate from, up to a bound. Its own thread opens and closes
 * them, so that nobody else waits for it. What they feel makes the observer look.
 */
final class SentinelManager implements SentinelListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SentinelManager.class);

    private final InstanceGateway gateway;
    private final Observer observer;
    private final InstantSource clock;
    private final int most;
    private final ExecutorService worker = NamedExecutors.pool("sentinel-keeper", 1);
    /** Only the worker writes it, but for a watch that breaks. */
    private final Map<InstanceKey, InstanceGateway.Watch> watches = new ConcurrentHashMap<>();
    /** When a watch broke; it is not opened again before the server was seen after that. */
    private final Map<InstanceKey, Instant> broken = new ConcurrentHashMap<>();

    private volatile boolean boundTold;
    private volatile boolean active;

    SentinelManager(InstanceGateway gateway, Observer observer, InstantSource clock, int most) {
        this.gateway = gateway;
        this.observer = observer;
        this.clock = clock;
        this.most = most;
    }

    /** Begins to follow the fleet. */
    void start(Fleet fleet) {
        active = true;
        Set<InstanceKey> all = new HashSet<>();
        fleet.members().forEach(m -> all.add(m.key()));
        adjust(fleet, all);
    }

    /** Takes all sentinels away. */
    void stop() {
        active = false;
        later(this::closeAll);
    }

    /** A new snapshot: sentinels follow it. */
    void changed(FleetChange change) {
        if (active) {
            adjust(change.fleet(), SentinelChoice.concerned(change));
        }
    }

    private void adjust(Fleet fleet, Set<InstanceKey> keys) {
        keys.removeIf(k -> isWanted(fleet, k) == watches.containsKey(k));
        if (!keys.isEmpty()) {
            later(() -> keys.forEach(k -> adjust(fleet, k)));
        }
    }

    private boolean isWanted(Fleet fleet, InstanceKey key) {
        return SentinelChoice.isWanted(fleet, key, broken.get(key));
    }

    private void adjust(Fleet fleet, InstanceKey key) {
        if (!isWanted(fleet, key) || !active) {
            close(key);
        } else if (watches.containsKey(key) || watches.size() < most || makeRoom(fleet, key)) {
            broken.remove(key);
            watches.computeIfAbsent(key, k -> gateway.watch(k, this));
        } else if (!boundTold) {
            boundTold = true;
            log.atWarn()
                    .addKeyValue("sentinels", most)
                    .addKeyValue("instance", key)
                    .log("no more sentinels than configured; the failures of further servers are felt by polls only");
        }
    }

    private boolean makeRoom(Fleet fleet, InstanceKey key) {
        Optional<InstanceKey> other = SentinelChoice.givesWay(fleet, key, watches.keySet());
        other.ifPresent(this::close);
        return other.isPresent();
    }

    private void close(InstanceKey key) {
        InstanceGateway.Watch watch = watches.remove(key);
        if (watch != null) {
            watch.close();
        }
    }

    private void closeAll() {
        if (!active) {
            Set.copyOf(watches.keySet()).forEach(this::close);
            broken.clear();
        }
    }

    private void later(Runnable task) {
        try {
            worker.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.warn("a sentinel could not be opened or closed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("closing: sentinels are left to the gateway");
        }
    }

    @Override
    public void connectionLost(InstanceKey key) {
        if (active) {
            broken.put(key, clock.instant());
            observer.suspect(key, "the held connection broke");
            later(() -> close(key));
        }
    }

    @Override
    public void waitMissed(InstanceKey key, int inARow) {
        if (active && inARow >= 2) {
            observer.suspect(key, inARow + " held waits in a row were not answered in time");
        } else if (active) {
            observer.checkNow(key);
        }
    }

    @Override
    public void close() {
        stop();
        worker.shutdown();
    }
}
