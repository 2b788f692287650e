package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.spi.Ticker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a monitored server, used by one thread at a time. Every use has a deadline; when it is missed, or the
 * way to the server broke, the connection is of no use any more and must be closed.
 */
final class ServerConnection implements AutoCloseable, Watchdog.Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    /** The socket's own timeout comes first; this is for answers that trickle in. */
    private static final long TRICKLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Connection jdbc;
    private final Statement statement;
    private final Watchdog watchdog;
    private final Ticker ticker;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long answerBy;
    private volatile boolean waiting;
    private volatile boolean timedOut;

    /** Reads the results of a batch. */
    interface Reader<T> {
        T read(Results results) throws SQLException;
    }

    /** The results of a batch, in order. */
    static final class Results {
        private final Statement statement;
        private boolean first = true;

        private Results(Statement statement) {
            this.statement = statement;
        }

        /** Goes to the result of the next statement that yields rows. */
        ResultSet next() throws SQLException {
            while (true) {
                boolean rows = first ? statement.getResultSet() != null : statement.getMoreResults();
                first = false;
                if (rows) {
                    return statement.getResultSet();
                }
                if (statement.getUpdateCount() < 0) {
                    throw new SQLException("the server sent fewer results than statements");
                }
            }
        }
    }

    ServerConnection(Connection jdbc, Watchdog watchdog, Ticker ticker) throws SQLException {
        this.jdbc = jdbc;
        this.statement = jdbc.createStatement();
        this.watchdog = watchdog;
        this.ticker = ticker;
        watchdog.add(this);
    }

    /** Sends a batch and reads what it yields. */
    <T> T query(String sql, Deadline deadline, Reader<T> reader) throws SQLException {
        jdbc.setNetworkTimeout(Runnable::run, deadline.remainingMillis());
        answerBy = deadline.nanos();
        waiting = true;
        try {
            statement.execute(sql);
            return reader.read(new Results(statement));
        } finally {
            waiting = false;
        }
    }

    /** Sends a batch whose results do not matter; fails when any of its statements does. */
    void execute(String sql, Deadline deadline) throws SQLException {
        query(sql, deadline, results -> true);
    }

    /** What the server said of its version when we connected. */
    String greetedVersion() throws SQLException {
        return jdbc.getMetaData().getDatabaseProductVersion();
    }

    /** Waits for an answer without a limit; {@link #abort} ends it. */
    void setNoTimeout() throws SQLException {
        jdbc.setNetworkTimeout(Runnable::run, 0);
    }

    /** Like {@link #query} for a statement that may be waited for as long as it takes, see {@link #setNoTimeout}. */
    <T> T await(String sql, Reader<T> reader) throws SQLException {
        statement.execute(sql);
        return reader.read(new Results(statement));
    }

    /** Whether it was given up because an answer did not come in time. */
    boolean timedOut() {
        return timedOut;
    }

    /** Whether it is of no use any more. */
    boolean isBroken() {
        try {
            return closed.get() || jdbc.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    @Override
    public void check(long nowNanos) {
        if (waiting && nowNanos - answerBy > TRICKLE_NANOS) {
            timedOut = true;
            abort();
        }
    }

    Ticker ticker() {
        return ticker;
    }

    /** Cuts it off, whatever it is waiting for. */
    void abort() {
        if (closed.compareAndSet(false, true)) {
            watchdog.remove(this);
            try {
                jdbc.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.atDebug().setCause(e).log("aborting a connection failed");
            }
        }
    }

    /** Takes leave of the server if it is idle. For a connection that broke, {@link #abort} is quicker. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            watchdog.remove(this);
            try {
                jdbc.setNetworkTimeout(Runnable::run, 200);
                jdbc.close();
            } catch (SQLException e) {
                LOG.atDebug().setCause(e).log("closing a connection failed");
            }
        }
    }
}
