package dev.orchestrator.simulation.server;

/**
 * What a receiver or an applier met last.
 *
 * @param errno its number, 0 when there was none
 * @param text its words
 */
public record ReplicationError(int errno, String text) {
    /** A name that has no address: nothing is sent to it. */
    static final int UNKNOWN_HOST = 2005;

    static final ReplicationError NONE = new ReplicationError(0, "");
}
