package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.topology.Place;
import java.time.Duration;
import java.util.Collection;

/** The leader's snapshot of the fleet, and ways to make it fresh. Thread-safe. */
public interface FleetView {
    /**
     * The snapshot as it stands.
     *
     * @return an immutable snapshot
     */
    Fleet current();

    /**
     * The snapshot as it is known on this node already: for who must not wait for the backend.
     *
     * @return an immutable snapshot; on a node that does not lead, perhaps an old one
     */
    Fleet known();

    /**
     * Where a server stands, as far as that can be said while the backend is away, which a node that does not lead has its
     * snapshot from.
     *
     * @param server as it was named
     * @return its place; the name as it was given when there is no snapshot
     */
    default Place placeOf(InstanceKey server) {
        try {
            return Place.in(current(), server);
        } catch (OrchestratorException e) {
            return new Place(server, "");
        }
    }

    /**
     * Polls some servers now, side by side, and waits for the answers.
     *
     * @param keys the servers
     * @param deadline how long to wait for all; who has not answered by then counts as failed
     * @return a snapshot that contains the answers
     */
    Fleet refresh(Collection<InstanceKey> keys, Duration deadline);

    /**
     * Takes a server for what commands that have worked made of it: nobody waits for a reading. Any later one replaces it.
     *
     * @param server its facts
     */
    void became(Instance server);

    /**
     * Has a server and its replicas polled at the suspicion interval until the suspicion is refuted or acted upon.
     *
     * @param key the server
     * @param sign what was felt, for people
     */
    void suspect(InstanceKey key, String sign);
}
