package dev.orchestrator.engine.internal.shell.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Node;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.BackendChanged;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeRegistrationTest {
    private final SettableTime time = new SettableTime();
    private final InMemoryBackend backend = new InMemoryBackend(time);
    private final List<OrchestratorEvent> events = new ArrayList<>();
    private @Nullable Lease lease;
    private final Node self = new Node("host1", "t1", "1.0", "http", "memory", Instant.EPOCH, Instant.EPOCH);

    @Test
    void aNodeIsSeenWhileItRunsAndGoneAfter() {
        NodeRegistration registration = registration();
        registration.start();
        await().until(() -> backend.nodes().alive(Duration.ofSeconds(5)).size() == 1);
        assertThat(backend.nodes().alive(Duration.ofSeconds(5)).get(0).since()).isEqualTo(time.instant());
        registration.close();
        registration.close();
        assertThat(backend.nodes().alive(Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void theLeaderRemovesNodesThatVanished() {
        Node other = new Node("host2", "t2", "1.0", "http", "memory", Instant.EPOCH, Instant.EPOCH);
        backend.nodes().heartbeat(other);
        NodeRegistration registration = registration();
        time.advance(Duration.ofSeconds(31));
        beat(registration, 15);
        assertThat(backend.nodes().alive(Duration.ofDays(1)))
                .as("left alone by who does not lead")
                .hasSize(2);
        lease = new Lease("leader", "host1", "x", 1, Duration.ofSeconds(3));
        beat(registration, 15);
        assertThat(backend.nodes().alive(Duration.ofDays(1)))
                .extracting(Node::token)
                .containsExactly("t1");
        registration.close();
    }

    @Test
    void tellsOnceThatTheBackendIsLostAndOnceThatItIsBack() {
        NodeRegistration registration = registration();
        registration.beat();
        backend.goAway();
        registration.beat();
        registration.beat();
        backend.comeBack();
        registration.beat();
        registration.beat();
        assertThat(events).hasSize(2);
        assertThat(events).extracting(e -> ((BackendChanged) e).available()).containsExactly(false, true);
        registration.close();
    }

    private static void beat(NodeRegistration registration, int times) {
        for (int i = 0; i < times; i++) {
            registration.beat();
        }
    }

    private NodeRegistration registration() {
        return new NodeRegistration(
                backend.nodes(),
                self,
                () -> Optional.ofNullable(lease).map(l -> new Leadership.Held(l, time.nanos() + 1)),
                new BackendHealth(events::add, time));
    }
}
