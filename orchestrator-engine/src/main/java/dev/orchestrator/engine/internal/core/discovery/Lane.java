package dev.orchestrator.engine.internal.core.discovery;

/** Polls of different urgency and different danger have lanes of their own, so that none can hold up another. */
public enum Lane {
    /** Servers that answer quickly. */
    HEALTHY,
    /** Servers that failed or were slow the last time. */
    AILING,
    /** Suspected servers, their replicas, and polls somebody waits for. */
    URGENT,
    /** Keys that may lead to servers not known yet. */
    CRAWL
}
