package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.engine.internal.shell.audit.EventSink;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once when the backend is lost and once when it is back, whoever of those who use it notices. It is back when
 * everything that failed works again: a backend on a full disk can be read and is lost all the same.
 */
final class BackendHealth {
    private static final Logger log = LoggerFactory.getLogger(BackendHealth.class);

    private final EventSink events;
    private final InstantSource clock;

    /** What failed and has not worked since; guarded by the monitor. */
    private final Set<String> failing = new HashSet<>();

    BackendHealth(EventSink events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    synchronized void failed(String attempt, RuntimeException problem) {
        boolean first = failing.isEmpty();
        if (failing.add(attempt) && first) {
            String message = attempt + ": " + problem.getMessage();
            log.atWarn().setCause(problem).log("the backend is lost; what is seen is kept in memory until it is back");
            events.publish(new OrchestratorEvent.BackendChanged(clock.instant(), false, message));
        }
    }

    synchronized void worked(String attempt) {
        if (failing.remove(attempt) && failing.isEmpty()) {
            log.info("the backend is back");
            events.publish(new OrchestratorEvent.BackendChanged(clock.instant(), true, "the backend answers again"));
        }
    }
}
