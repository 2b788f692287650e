package dev.orchestrator.jooq.internal.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** One connection without a pool: threads take turns, and a spoiled connection is replaced at the next use. */
public final class SingleConnection implements Connections {
    private final BackendConnector connector;
    private final Duration wait;
    private final ReentrantLock turn = new ReentrantLock();
    /** Used by whose turn it is. */
    private @Nullable Connection connection;

    private volatile boolean spoiled;
    private volatile boolean closed;

    /** Begins with an open connection. */
    public SingleConnection(BackendConnector connector, Connection first, Duration wait) {
        this.connector = connector;
        this.connection = first;
        this.wait = wait;
    }

    @Override
    public Connection acquire() {
        takeTurn();
        try {
            if (closed) {
                throw new DataAccessException("the backend was closed");
            }
            if (spoiled) {
                discard();
            }
            Connection current = connection;
            if (current == null) {
                current = connector.getConnection();
                connection = current;
            }
            return current;
        } catch (SQLException e) {
            turn.unlock();
            throw new DataAccessException("cannot connect: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            turn.unlock();
            throw e;
        }
    }

    private void takeTurn() {
        try {
            if (!turn.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DataAccessException("the one connection was in use for " + wait.toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessException("interrupted while waiting for the connection", e);
        }
    }

    @Override
    public void release(Connection used) {
        turn.unlock();
    }

    @Override
    public void spoiled() {
        spoiled = true;
    }

    @Override
    public void moved() {
        spoiled = true;
    }

    private void discard() {
        Connection old = connection;
        connection = null;
        spoiled = false;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                // It is broken: that it cannot be closed in good order was to be expected.
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        boolean ours = false;
        try {
            ours = turn.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS);
            // A statement that still runs after that wait is cut off.
            discard();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (ours) {
                turn.unlock();
            }
        }
    }
}
