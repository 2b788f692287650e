package dev.orchestrator.engine.internal.core.procedure;

/** How bad what is written into the log is. */
public enum Severity {
    /** Of interest to who looks for a fault. */
    DEBUG,
    /** In the course of things. */
    INFO,
    /** Something did not work. */
    WARN,
    /** Somebody has to do something. */
    ERROR
}
