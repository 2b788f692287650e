package dev.orchestrator.spi;

import dev.orchestrator.api.model.InstanceKey;
import java.util.Objects;

/**
 * A server that holds a copy of the backend, as it was seen with the backend's own account.
 *
 * @param address where it was reached
 * @param serverUuid its identity; empty when the server has none (MariaDB)
 * @param writable whether it takes writes
 * @param epoch the epoch of the lease that was asked for, in this copy; zero when it was never taken
 */
public record BackendEndpoint(InstanceKey address, String serverUuid, boolean writable, long epoch) {
    /** Checks that nothing is missing. */
    public BackendEndpoint {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(serverUuid, "serverUuid");
    }
}
