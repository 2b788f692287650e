package dev.orchestrator.jooq.internal.connect;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Opens connections to one backend, without a pool. Thread-safe. */
public abstract class BackendConnector implements DataSource {
    /** How long a pool that is closed waits for a connection that is just being opened. */
    private static final int CLOSING_SECONDS = 2;

    /** What kind of backend this is and where; without secrets. */
    public abstract String describe();

    /** Opens a connection. */
    @Override
    public abstract Connection getConnection() throws SQLException;

    @Override
    public final Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the account is given by the options");
    }

    @Override
    public final PrintWriter getLogWriter() throws SQLException {
        throw new SQLFeatureNotSupportedException("there is no log writer");
    }

    @Override
    public final void setLogWriter(PrintWriter out) {
        // The driver's own log is not used.
    }

    @Override
    public final void setLoginTimeout(int seconds) {
        // The connect timeout comes from the options, in milliseconds.
    }

    @Override
    public final int getLoginTimeout() {
        return CLOSING_SECONDS;
    }

    @Override
    public final Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("java.util.logging is not used");
    }

    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
