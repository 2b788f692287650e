package dev.orchestrator.jooq.internal.connect;

import org.jooq.ConnectionProvider;

/** Where statements get their connections from. Thread-safe. */
public interface Connections extends ConnectionProvider, AutoCloseable {
    /** Tells of a failure after which the connection it happened on must not be used again. */
    void spoiled();

    /** Tells that new connections lead to another server: those that exist are not handed out any more. */
    void moved();

    @Override
    void close();
}
