package dev.orchestrator.spi;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.util.Optional;

/** The server that a backend lives on, and the way to a copy of it on another server. Thread-safe. */
public interface BackendPlace {
    /**
     * Where the backend is, when that is a server it can move away from. Asks nobody.
     *
     * @return empty for a backend that stays where it is, such as a file
     */
    Optional<InstanceKey> address();

    /**
     * Looks at a server that may hold a copy of this backend, with the backend's own account. Changes nothing.
     *
     * @param address the server
     * @param lease the name of the lease whose epoch is wanted
     * @param limit how long connecting may take, and how long each answer
     * @return empty when it does not answer in time, or has no such schema
     */
    Optional<BackendEndpoint> look(InstanceKey address, String lease, Duration limit);

    /**
     * Goes on with the copy at another server. Calls that are under way end as they may; all later ones go there.
     *
     * @param address the server
     * @throws OrchestratorException with {@code REFUSED} when that server is read-only, does not
     *     answer or has no such schema, or when this backend cannot move; nothing has changed then
     */
    void moveTo(InstanceKey address);
}
