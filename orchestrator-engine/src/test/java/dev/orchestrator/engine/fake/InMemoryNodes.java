package dev.orchestrator.engine.fake;

import dev.orchestrator.api.Node;
import dev.orchestrator.spi.NodeStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Running nodes in memory. */
final class InMemoryNodes implements NodeStore {
    private final InstantSource clock;
    private final Map<String, Node> nodes = new HashMap<>();

    InMemoryNodes(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void heartbeat(Node node) {
        Instant now = clock.instant();
        nodes.merge(node.token(), at(node, now, now), (old, fresh) -> at(fresh, old.since(), now));
    }

    private static Node at(Node node, Instant since, Instant lastSeen) {
        return new Node(node.hostname(), node.token(), node.version(), node.command(), node.backend(), since, lastSeen);
    }

    @Override
    public void remove(String token) {
        nodes.remove(token);
    }

    @Override
    public List<Node> alive(Duration within) {
        Instant limit = clock.instant().minus(within);
        return nodes.values().stream()
                .filter(n -> !n.lastSeen().isBefore(limit))
                .sorted(Comparator.comparing(Node::hostname).thenComparing(Node::token))
                .toList();
    }

    @Override
    public List<Node> purge(Duration silentFor) {
        Instant limit = clock.instant().minus(silentFor);
        List<Node> silent = nodes.values().stream()
                .filter(n -> n.lastSeen().isBefore(limit))
                .toList();
        silent.forEach(n -> nodes.remove(n.token()));
        return silent;
    }
}
