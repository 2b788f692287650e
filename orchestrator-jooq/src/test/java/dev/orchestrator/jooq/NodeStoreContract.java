package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Node;
import dev.orchestrator.spi.NodeStore;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of nodes does. */
abstract class NodeStoreContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);
    private NodeStore nodes;

    NodeStoreContract(Supplier<TestBackend> kind) {
        super(kind);
    }

    @BeforeEach
    void store() {
        nodes = backend.nodes();
    }

    private static Node node(String hostname, String token) {
        return new Node(hostname, token, "1.0", "http", "sqlite", Instant.EPOCH, Instant.EPOCH);
    }

    @Test
    void registersANodeAndHearsOfItAgain() {
        nodes.heartbeat(node("b", "t2"));
        nodes.heartbeat(node("a", "t1"));
        Node first = nodes.alive(HOUR).get(0);
        assertThat(first.hostname()).isEqualTo("a");
        assertThat(first.version()).isEqualTo("1.0");
        assertThat(first.command()).isEqualTo("http");
        assertThat(first.since()).isAfter(Instant.EPOCH);
        await().until(() -> {
            nodes.heartbeat(node("a", "t1"));
            return nodes.alive(HOUR).get(0).lastSeen().isAfter(first.lastSeen());
        });
        assertThat(nodes.alive(HOUR).get(0).since()).isEqualTo(first.since());
        assertThat(nodes.alive(HOUR)).extracting(Node::token).containsExactly("t1", "t2");
    }

    @Test
    void removesNodesThatEndOrVanish() {
        nodes.heartbeat(node("a", "t1"));
        nodes.heartbeat(node("b", "t2"));
        nodes.heartbeat(node(WILD, "t3"));
        nodes.remove("t1");
        nodes.remove("unknown");
        assertThat(nodes.alive(HOUR)).hasSize(2);
        place.execute("UPDATE orc_node SET last_seen = last_seen - 60000000 WHERE token = 't2'");
        assertThat(nodes.alive(Duration.ofSeconds(30))).extracting(Node::token).containsExactly("t3");
        assertThat(nodes.purge(Duration.ofSeconds(30))).extracting(Node::token).containsExactly("t2");
        assertThat(nodes.purge(Duration.ofSeconds(30))).isEmpty();
    }
}
