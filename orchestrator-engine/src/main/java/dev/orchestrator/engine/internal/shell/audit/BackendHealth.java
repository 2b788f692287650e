package dev.orchestrator.engine.internal.shell.audit;

import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.engine.internal.core.event.BackendStanding;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells once when the backend is lost and once when it is back, whoever of those who use it notices. Thread-safe. */
public final class BackendHealth {
    private static final Logger log = LoggerFactory.getLogger(BackendHealth.class);

    private final EventSink events;
    private final InstantSource clock;

    /** Guarded by the monitor. */
    private final BackendStanding standing = new BackendStanding();

    /**
     * A health that is good until something fails.
     *
     * @param events told
     * @param clock the time of day
     */
    public BackendHealth(EventSink events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    /**
     * Something failed.
     *
     * @param attempt what was tried
     * @param problem how it failed
     */
    public void failed(String attempt, RuntimeException problem) {
        if (noticed(() -> standing.failed(attempt), attempt + ": " + problem.getMessage())) {
            log.atWarn().setCause(problem).log("the backend is lost; what is seen is kept in memory until it is back");
        }
    }

    /**
     * Something worked.
     *
     * @param attempt what was tried
     */
    public void worked(String attempt) {
        if (noticed(() -> standing.worked(attempt), "the backend answers again")) {
            log.info("the backend is back");
        }
    }

    /** The heartbeat was not answered. */
    public void silent(RuntimeException problem) {
        String why = "the backend does not answer: " + problem.getMessage();
        if (noticed(() -> standing.heartbeat(false), why)) {
            log.atWarn().addKeyValue("why", problem.toString()).log("the backend is lost");
        }
    }

    /** The heartbeat was answered. */
    public void answered() {
        if (noticed(() -> standing.heartbeat(true), "the backend answers again")) {
            log.info("the backend is back");
        }
    }

    private synchronized boolean noticed(BooleanSupplier change, String message) {
        boolean before = standing.isLost();
        boolean noticed = change.getAsBoolean();
        if (standing.isLost() != before) {
            events.publish(new OrchestratorEvent.BackendChanged(clock.instant(), before, message));
        }
        return noticed;
    }
}
