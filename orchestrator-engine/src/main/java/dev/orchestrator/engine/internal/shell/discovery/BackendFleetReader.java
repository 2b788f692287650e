package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.spi.InstanceStore;
import dev.orchestrator.spi.Ticker;
import java.time.Duration;
import java.util.function.Supplier;

/** The fleet as the leader wrote it, for nodes that do not lead; read at most once a second. Thread-safe. */
final class BackendFleetReader implements Supplier<Fleet> {
    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    private final InstanceStore store;
    private final Ticker ticker;
    private Fleet latest = Fleet.empty();
    private boolean read;
    private long readAt;

    BackendFleetReader(InstanceStore store, Ticker ticker) {
        this.store = store;
        this.ticker = ticker;
    }

    /**
     * The fleet, at most a second old.
     *
     * @throws dev.orchestrator.api.OrchestratorException when the backend does not answer
     */
    @Override
    public synchronized Fleet get() {
        long now = ticker.nanos();
        if (!read || now - readAt > FRESH) {
            latest = store.readFleet();
            read = true;
            readAt = now;
        }
        return latest;
    }

    /** Has the next reader read anew. */
    synchronized void expire() {
        read = false;
    }
}
