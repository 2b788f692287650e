package dev.orchestrator.engine.internal.shell.audit;

import dev.orchestrator.api.event.OrchestratorEvent.BackendChanged;

/**
 * Several parts notice by themselves that the backend is lost or back; listeners are told once. The heartbeat, which
 * every node has, has the last word on its return: another part may have nothing to write any more.
 */
public final class BackendNews {
    private final EventSink events;

    // Guarded by the monitor.
    private boolean heartbeatLost;
    private boolean othersLost;

    /**
     * Passes events on.
     *
     * @param events where to
     */
    public BackendNews(EventSink events) {
        this.events = events;
    }

    /**
     * The way for the heartbeat.
     *
     * @return passes everything on, and news of the backend only when it is news
     */
    public EventSink fromHeartbeat() {
        return event -> {
            if (!(event instanceof BackendChanged news) || heartbeat(news.available())) {
                events.publish(event);
            }
        };
    }

    /**
     * The way for everybody else.
     *
     * @return passes everything on, and news of the backend only when it is news
     */
    public EventSink fromOthers() {
        return event -> {
            if (!(event instanceof BackendChanged news) || others(news.available())) {
                events.publish(event);
            }
        };
    }

    private synchronized boolean heartbeat(boolean available) {
        boolean before = heartbeatLost || othersLost;
        heartbeatLost = !available;
        othersLost &= !available;
        return before != (heartbeatLost || othersLost);
    }

    private synchronized boolean others(boolean available) {
        boolean before = heartbeatLost || othersLost;
        othersLost = !available;
        return before != (heartbeatLost || othersLost);
    }
}
