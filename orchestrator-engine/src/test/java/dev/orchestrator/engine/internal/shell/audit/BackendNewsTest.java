package dev.orchestrator.engine.internal.shell.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.event.OrchestratorEvent.BackendChanged;
import dev.orchestrator.api.event.OrchestratorEvent.LeadershipChanged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendNewsTest {
    private final List<OrchestratorEvent> told = new ArrayList<>();
    private final BackendNews news = new BackendNews(told::add);
    private final EventSink heartbeat = news.fromHeartbeat();
    private final EventSink others = news.fromOthers();

    @Test
    void aLossThatSeveralNoticeIsToldOnceAndSoIsTheReturn() {
        others.publish(backend(false));
        heartbeat.publish(backend(false));
        others.publish(backend(true));
        assertThat(told).hasSize(1);
        heartbeat.publish(backend(true));
        assertThat(told).containsExactly(backend(false), backend(true));
    }

    @Test
    void theHeartbeatKnowsOfTheReturnWhereNobodyElseAsks() {
        others.publish(backend(false));
        heartbeat.publish(backend(false));
        heartbeat.publish(backend(true));
        assertThat(told).containsExactly(backend(false), backend(true));
    }

    @Test
    void aLossThatTheHeartbeatMissedIsToldAndEnded() {
        others.publish(backend(false));
        others.publish(backend(true));
        assertThat(told).containsExactly(backend(false), backend(true));
    }

    @Test
    void passesEverythingElseOn() {
        OrchestratorEvent other = new LeadershipChanged(Instant.EPOCH, true, 1);
        others.publish(other);
        heartbeat.publish(other);
        assertThat(told).containsExactly(other, other);
    }

    private static OrchestratorEvent backend(boolean available) {
        return new BackendChanged(Instant.EPOCH, available, "");
    }
}
