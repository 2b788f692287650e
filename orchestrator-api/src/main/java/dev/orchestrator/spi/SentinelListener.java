package dev.orchestrator.spi;

import dev.orchestrator.api.model.InstanceKey;

/** Told what a sentinel feels. Calls must return at once. */
public interface SentinelListener {
    /**
     * The held connection broke: the server, or the way to it, is gone.
     *
     * @param key the server
     */
    void connectionLost(InstanceKey key);

    /**
     * The held wait was not answered in time.
     *
     * @param key the server
     * @param inARow how many waits in a row, 1 for the first
     */
    void waitMissed(InstanceKey key, int inARow);
}
