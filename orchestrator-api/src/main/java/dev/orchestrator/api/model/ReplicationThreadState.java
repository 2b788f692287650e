package dev.orchestrator.api.model;

/** What a replication thread (receiver or applier) says of itself. */
public enum ReplicationThreadState {
    /** Replication is not configured. */
    NONE,
    /** Configured and not running ({@code No}). */
    STOPPED,
    /** Connected and working ({@code Yes}). */
    RUNNING,
    /** The receiver runs but has no connection to its source ({@code Connecting}). */
    CONNECTING
}
