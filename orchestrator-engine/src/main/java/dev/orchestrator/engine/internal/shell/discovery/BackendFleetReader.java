package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The fleet of a node that does not lead: as it is stored, read hardly more than once a second, and what this node has
 * read from servers since. Thread-safe.
 */
final class BackendFleetReader implements Supplier<Fleet> {
    /** What others stored is to be seen within a second. */
    private static final long FRESH = Duration.ofMillis(800).toNanos();

    private final InstanceStore store;
    private final FleetState keeper;
    private final Ticker ticker;
    private boolean read;
    private volatile boolean everRead;
    private long readAt;

    BackendFleetReader(InstanceStore store, FleetState keeper, Ticker ticker) {
        this.store = store;
        this.keeper = keeper;
        this.ticker = ticker;
    }

    /**
     * The fleet, less than a second behind the backend.
     *
     * @throws dev.orchestrator.api.OrchestratorException when the backend does not answer
     */
    @Override
    public synchronized Fleet get() {
        long now = ticker.nanos();
        if (!read || now - readAt > FRESH) {
            keeper.follow(store.readFleet());
            read = true;
            everRead = true;
            readAt = now;
        }
        return keeper.current();
    }

    /**
     * For who is to read servers: that needs no backend, and a change to servers under way must neither fail for want of
     * it nor wait for it. As it was read last.
     *
     * @throws dev.orchestrator.api.OrchestratorException when it was never read and the backend does not answer
     */
    Fleet known() {
        return everRead ? keeper.current() : get();
    }

    /** Has the next reader read anew. */
    synchronized void expire() {
        read = false;
    }
}
