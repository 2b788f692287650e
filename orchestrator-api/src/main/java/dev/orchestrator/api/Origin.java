package dev.orchestrator.api;

/** Through which origin an order came. */
public enum Origin {
    /** The engine's own decision. */
    AUTOMATIC,
    /** The command line. */
    CLI,
    /** The HTTP API or the web page. */
    HTTP,
    /** The embedding program. */
    API
}
