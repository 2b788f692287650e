package dev.orchestrator.api.facade;

import dev.orchestrator.api.Node;
import java.time.Duration;
import java.util.List;

/** The services and commands that run at present. Thread-safe; asks the backend. */
@FunctionalInterface
public interface Nodes {
    /**
     * The nodes heard of lately.
     *
     * @param within how lately
     * @return ordered by name
     */
    List<Node> alive(Duration within);
}
