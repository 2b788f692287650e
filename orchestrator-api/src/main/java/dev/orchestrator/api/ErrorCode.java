package dev.orchestrator.api;

/** Stable names of what can go wrong. */
public enum ErrorCode {
    /** The caller's words cannot be understood. */
    INVALID_INPUT,
    /** No such instance is known. */
    UNKNOWN_INSTANCE,
    /** No such cluster is known. */
    UNKNOWN_CLUSTER,
    /** The server cannot be reached, or did not answer in time. */
    INSTANCE_UNREACHABLE,
    /** A command was sent and the server refused it or failed. */
    COMMAND_FAILED,
    /** The guard on the server refused the command: another server, or too late. */
    GUARD_REFUSED,
    /** A maintenance lock stands in the way. */
    LOCKED,
    /** A lock or lease that was held is no longer held. */
    LOCK_LOST,
    /** This node is not the leader. */
    NOT_LEADER,
    /** The operation was refused; the message names the reason. */
    REFUSED,
    /** The backend cannot be reached or refuses to work. */
    BACKEND_UNAVAILABLE,
    /** The configuration is not usable. */
    INVALID_CONFIGURATION,
    /** The operation did not end in time. */
    TIMEOUT,
    /** The engine is closed, or was not started. */
    NOT_RUNNING
}
