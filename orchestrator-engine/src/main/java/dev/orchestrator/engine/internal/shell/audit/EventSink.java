package dev.orchestrator.engine.internal.shell.audit;

import dev.orchestrator.api.event.OrchestratorEvent;

/** Takes events for the listeners. Never blocks, never throws. */
@FunctionalInterface
public interface EventSink {
    /**
     * Tells all listeners, later and in order.
     *
     * @param event what happened
     */
    void publish(OrchestratorEvent event);
}
