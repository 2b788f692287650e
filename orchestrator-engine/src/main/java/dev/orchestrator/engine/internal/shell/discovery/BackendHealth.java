package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells once when the backend is lost and once when it is back, whoever of those who use it notices. */
final class BackendHealth {
    private static final Logger log = LoggerFactory.getLogger(BackendHealth.class);

    private final EventSink events;
    private final InstantSource clock;
    private final AtomicBoolean lost = new AtomicBoolean();

    BackendHealth(EventSink events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    void failed(String attempt, RuntimeException problem) {
        if (lost.compareAndSet(false, true)) {
            String message = attempt + ": " + problem.getMessage();
            log.atWarn().setCause(problem).log("the backend is lost; what is seen is kept in memory until it is back");
            events.publish(new OrchestratorEvent.BackendChanged(clock.instant(), false, message));
        }
    }

    void worked() {
        if (lost.compareAndSet(true, false)) {
            log.info("the backend is back");
            events.publish(new OrchestratorEvent.BackendChanged(clock.instant(), true, "the backend answers again"));
        }
    }
}
