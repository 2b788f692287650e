package dev.orchestrator.simulation.backend;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The running changes in the backend, and which of them somebody wants stopped. Not thread-safe. */
public final class Runs {
    private final Map<String, String> nodes = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    /**
     * A change begins, or is over.
     *
     * @param uid its identity
     * @param node who makes it
     * @param runs whether it begins
     */
    public void set(String uid, String node, boolean runs) {
        if (runs) {
            nodes.put(uid, node);
        } else {
            nodes.remove(uid, node);
            asked.remove(uid);
        }
    }

    /**
     * Somebody wants one stopped.
     *
     * @param uid its identity
     * @return false when no such change runs
     */
    public boolean askToStop(String uid) {
        return nodes.containsKey(uid) && asked.add(uid);
    }

    /**
     * Which of its changes a service is to stop.
     *
     * @param node the service
     * @return their identities
     */
    public List<String> askedToStop(String node) {
        return asked.stream().filter(uid -> node.equals(nodes.get(uid))).toList();
    }
}
