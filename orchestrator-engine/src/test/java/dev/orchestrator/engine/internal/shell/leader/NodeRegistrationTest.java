package dev.orchestrator.engine.internal.shell.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.BackendChanged;
import dev.orchestrator.engine.fake.InMemoryBackend;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.spi.NodeStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeRegistrationTest {
    private final SettableTime time = new SettableTime();
    private final InMemoryBackend backend = new InMemoryBackend(time);
    private final List<OrchestratorEvent> events = new ArrayList<>();
    private final NodeStore.Node self =
            new NodeStore.Node("host1", "t1", "1.0", "http", "memory", Instant.EPOCH, Instant.EPOCH);

    @Test
    void aNodeIsSeenWhileItRunsAndGoneAfter() {
        NodeRegistration registration = new NodeRegistration(backend.nodes(), self, events::add, time);
        registration.start();
        await().until(() -> backend.nodes().alive(Duration.ofSeconds(5)).size() == 1);
        assertThat(backend.nodes().alive(Duration.ofSeconds(5)).get(0).since()).isEqualTo(time.instant());
        registration.close();
        registration.close();
        assertThat(backend.nodes().alive(Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void tellsOnceThatTheBackendIsLostAndOnceThatItIsBack() {
        NodeRegistration registration = new NodeRegistration(backend.nodes(), self, events::add, time);
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
}
