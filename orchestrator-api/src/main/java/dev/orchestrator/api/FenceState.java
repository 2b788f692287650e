package dev.orchestrator.api;

/** How far a fence has come. */
public enum FenceState {
    /** The server has not been seen since. */
    PENDING,
    /** It came back and was made read-only. */
    FENCED,
    /** It came back, and everything it holds its successor holds too. */
    CLEAN,
    /** It came back with transactions its successor does not have. */
    AHEAD,
    /** It may be written again: an operator or a rule said so. */
    LIFTED
}
