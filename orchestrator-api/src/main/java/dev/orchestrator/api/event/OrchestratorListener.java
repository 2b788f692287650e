package dev.orchestrator.api.event;

/** Told what happens, in order, on a thread of the engine. What it throws is logged and harms nobody. */
@FunctionalInterface
public interface OrchestratorListener {
    /**
     * Something happened.
     *
     * @param event what
     */
    void onEvent(OrchestratorEvent event);
}
