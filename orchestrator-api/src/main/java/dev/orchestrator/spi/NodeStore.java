package dev.orchestrator.spi;

import dev.orchestrator.api.Node;
import java.time.Duration;
import java.util.List;

/** The services and commands that run at present. */
public interface NodeStore {
    /**
     * Says that a node lives. Registers it the first time.
     *
     * @param node the node; its times are not used
     */
    void heartbeat(Node node);

    /** Removes a node that ends. */
    void remove(String token);

    /**
     * The nodes heard of lately.
     *
     * @param within how lately
     * @return ordered by name
     */
    List<Node> alive(Duration within);

    /**
     * Removes nodes not heard of for long.
     *
     * @param silentFor how long
     * @return the nodes removed
     */
    List<Node> purge(Duration silentFor);
}
