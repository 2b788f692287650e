package dev.orchestrator.jooq.internal.connect;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jooq.exception.DataAccessException;

/** A pool of connections, for services. */
public final class PooledConnections implements Connections {
    private static final long SHORTEST_VALIDATION_MILLIS = 250;

    private final BackendConnector connector;
    private final JooqBackendOptions how;
    private volatile HikariDataSource pool;
    private boolean closed;

    /** A pool that fills itself as needed. */
    public PooledConnections(BackendConnector connector, JooqBackendOptions how) {
        this.connector = connector;
        this.how = how;
        this.pool = newPool(connector, how);
    }

    private static HikariDataSource newPool(BackendConnector connector, JooqBackendOptions how) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("orc-backend");
        config.setDataSource(connector);
        config.setMaximumPoolSize(how.poolSize());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(
                Math.max(SHORTEST_VALIDATION_MILLIS, how.connectionWait().toMillis()));
        config.setValidationTimeout(Math.max(
                SHORTEST_VALIDATION_MILLIS, Math.min(1000, how.connectionWait().toMillis() / 2)));
        // Whether the backend answers has been seen already; here nothing may block.
        config.setInitializationFailTimeout(-1);
        config.setExceptionOverride(new SpoiledConnections());
        return new HikariDataSource(config);
    }

    @Override
    public Connection acquire() {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw new DataAccessException("no connection: " + e.getMessage(), e);
        }
    }

    @Override
    public void release(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new DataAccessException("cannot give a connection back: " + e.getMessage(), e);
        }
    }

    @Override
    public void spoiled() {
        // The pool saw the failure itself, see SpoiledConnections.
    }

    /** A pool that could not connect for a while sleeper between attempts: a new one connects at once. */
    @Override
    public void moved() {
        HikariDataSource former;
        synchronized (this) {
            if (closed) {
                return;
            }
            former = pool;
            pool = newPool(connector, how);
        }
        // Waits for connections that are in use, and they may be stuck.
        CompletableFuture.runAsync(former::close);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        pool.close();
    }

    /** A backend that became read-only was probably demoted: a new connection may lead to its successor. */
    static final class SpoiledConnections implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException e) {
            return SqlErrors.of(e).spoilsConnection() ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }
}
