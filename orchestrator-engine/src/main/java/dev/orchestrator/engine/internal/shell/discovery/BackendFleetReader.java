package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.model.Fleet;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The fleet of a node that does not lead: as it is stored, read hardly more than once a second, and what this node has
 * read from servers since. Thread-safe.
 */
final class BackendFleetReader implements Supplier<Fleet> {
    /** What others stored is to be seen within a second. */
    private static final long FRESH = Duration.ofMillis(800).toNanos();

    private final Ports ports;
    private final FleetKeeper keeper;
    private boolean read;
    private long readAt;

    BackendFleetReader(Ports ports, FleetKeeper keeper) {
        this.ports = ports;
        this.keeper = keeper;
    }

    /**
     * The fleet, less than a second behind the backend.
     *
     * @throws dev.orchestrator.api.OrchestratorException when the backend does not answer
     */
    @Override
    public synchronized Fleet get() {
        long now = ports.ticker().nanos();
        if (!read || now - readAt > FRESH) {
            ports.clock().setBy(ports.backend());
            keeper.follow(ports.backend().instances().readFleet());
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
