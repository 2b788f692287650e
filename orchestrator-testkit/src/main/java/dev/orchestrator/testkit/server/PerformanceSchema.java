package dev.orchestrator.testkit.server;

/** How much of performance_schema a server keeps. */
public enum PerformanceSchema {
    /** Switched off. */
    OFF,
    /** On, with what replication, threads and process list need, and without the rest: about 130 MB less on 8.0. */
    SMALL,
    /** As the server comes. */
    FULL
}
