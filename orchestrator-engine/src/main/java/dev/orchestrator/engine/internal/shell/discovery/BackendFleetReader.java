package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The fleet of a node that does not lead: as the leader wrote it, read at most once a second, and what this node has read
 * from servers since. Thread-safe.
 */
final class BackendFleetReader implements Supplier<Fleet> {
    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    private final InstanceStore store;
    private final FleetKeeper keeper;
    private final Ticker ticker;
    private boolean read;
    private long readAt;

    BackendFleetReader(InstanceStore store, FleetKeeper keeper, Ticker ticker) {
        this.store = store;
        this.keeper = keeper;
        this.ticker = ticker;
    }

    /**
     * The fleet, at most a second behind the backend.
     *
     * @throws dev.orchestrator.api.OrchestratorException when the backend does not answer
     */
    @Override
    public synchronized Fleet get() {
        long now = ticker.nanos();
        if (!read || now - readAt > FRESH) {
            keeper.follow(store.readFleet());
            read = true;
            readAt = now;
        }
        return keeper.current();
    }

    /** Has the next reader read anew. */
    synchronized void expire() {
        read = false;
    }
}
