package dev.orchestrator.api;

/** Through which door an order came. */
public enum Door {
    /** The engine's own decision. */
    AUTOMATIC,
    /** The command line. */
    CLI,
    /** The HTTP API or the web page. */
    HTTP,
    /** The embedding program. */
    API
}
