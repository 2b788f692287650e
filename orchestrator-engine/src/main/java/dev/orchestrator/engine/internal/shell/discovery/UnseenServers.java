package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.discovery.Unseen;
import dev.orchestrator.spi.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Forgets the servers that have not been seen for long, in the backend and in the picture. Thread-safe. */
final class UnseenServers {
    private final InstanceStore store;
    private final FleetKeeper keeper;
    private final InstantSource clock;
    private final Duration unseenFor;
    private volatile Instant leadingSince = Instant.MAX;

    /**
     * Makes one.
     *
     * @param clock the one that readings are stamped by
     * @param unseenFor how long is long
     */
    UnseenServers(InstanceStore store, FleetKeeper keeper, InstantSource clock, Duration unseenFor) {
        this.store = store;
        this.keeper = keeper;
        this.clock = clock;
        this.unseenFor = unseenFor;
    }

    /** Takes note that this node begins to lead: what it has not polled since is not known to be unseen. */
    void leadingBegins() {
        leadingSince = clock.instant();
    }

    /**
     * Forgets them.
     *
     * @return their keys
     */
    List<InstanceKey> forget() {
        List<InstanceKey> removed =
                store.purge(unseenFor, Unseen.spared(keeper.settle(), leadingSince, clock.instant(), unseenFor));
        if (!removed.isEmpty()) {
            keeper.apply(draft -> {
                removed.forEach(draft::remove);
                return true;
            });
        }
        return removed;
    }
}
