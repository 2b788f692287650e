package dev.orchestrator.testkit;

import com.mysql.cj.jdbc.JdbcConnection;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.testkit.ContinuousWriter.Outcome;
import dev.orchestrator.testkit.server.TestkitException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One client of a writer: a thread with one connection at a time. */
final class WriterThread {
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(10);
    private static final Duration FINISH_LIMIT = Duration.ofSeconds(1);
    private static final int NO_SUCH_TABLE = 1146;
    // Shutdown in progress, error during commit, query interrupted.
    private static final Set<Integer> MAYBE_COMMITTED = Set.of(1053, 1180, 1317);
    private static final Executor SAME_THREAD = Runnable::run;

    /**
     * What all clients of a writer share.
     *
     * @param writer the writer's name in the table
     * @param address where to write
     * @param journal where outcomes go
     * @param pause after each write
     * @param answerLimit how long to wait for an answer; zero: without end
     */
    public record Task(
            String writer, InstanceKey address, WriterJournal journal, Duration pause, Duration answerLimit) {}

    private final Task task;
    private final Thread thread;
    private volatile boolean finishing;
    private volatile @Nullable Connection connection;

    /** A client that begins when told. */
    public WriterThread(Task task) {
        this.task = task;
        this.thread = new Thread(this::run, "testkit-writer");
        this.thread.setDaemon(true);
    }

    /** Makes the table that writers write to. */
    public static void createTable(InstanceKey address) {
        String url = DatabaseServer.jdbcUrl(address.hostname(), address.port(), "");
        try (Connection connection =
                        DriverManager.getConnection(url, DatabaseServer.ROOT_USER, DatabaseServer.ROOT_PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE IF NOT EXISTS testkit");
            statement.execute("CREATE TABLE IF NOT EXISTS testkit.writes"
                    + " (writer CHAR(36) NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (writer, id))");
        } catch (SQLException e) {
            throw new TestkitException("cannot make testkit.writes at " + address + ": " + e.getMessage(), e);
        }
    }

    /** The ids of that writer's rows on that server. */
    public static Set<Long> idsOn(DatabaseServer server, String writer) {
        Set<Long> ids = new HashSet<>();
        try (Connection connection = server.connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT id FROM testkit.writes WHERE writer = ?")) {
            statement.setString(1, writer);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    ids.add(result.getLong(1));
                }
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_TABLE) {
                throw new TestkitException("cannot read testkit.writes on " + server + ": " + e.getMessage(), e);
            }
        }
        return ids;
    }

    /** Starts to write. */
    public void begin() {
        thread.start();
    }

    /** Ends at once; the outcome of the write under way is unknown then. Does not wait. */
    public void finishNow() {
        finishing = true;
        abandonConnection();
    }

    /** True when it has ended. */
    public boolean isOver() {
        return !thread.isAlive();
    }

    private void abandonConnection() {
        Connection current = connection;
        if (current != null) {
            try {
                current.abort(SAME_THREAD);
            } catch (SQLException e) {
                task.journal().cannotConnect("abandoning a connection: " + e.getMessage());
            }
        }
    }

    /** Ends after the write under way. */
    public void finish() {
        finishing = true;
    }

    /** Waits for the end, gives the write under way up after a second. */
    public void awaitEnd() {
        try {
            thread.join(FINISH_LIMIT.toMillis());
            while (thread.isAlive()) {
                abandonConnection();
                thread.interrupt();
                thread.join(FINISH_LIMIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted while the writer ended", e);
        }
    }

    private void run() {
        while (!finishing) {
            try (Connection opened = connect(task.address())) {
                connection = opened;
                opened.setNetworkTimeout(SAME_THREAD, (int) task.answerLimit().toMillis());
                write(opened);
            } catch (SQLException | RuntimeException e) {
                task.journal().cannotConnect(task.address() + ": " + described(e));
            } finally {
                connection = null;
            }
            pause(RECONNECT_PAUSE);
        }
    }

    /** Writes until the connection fails or it is time to finish. */
    private void write(Connection opened) throws SQLException {
        OwnGtid gtid = OwnGtid.trackedOn(opened.unwrap(JdbcConnection.class));
        try (PreparedStatement statement =
                opened.prepareStatement("INSERT INTO testkit.writes (writer, id) VALUES (?, ?)")) {
            boolean goOn = true;
            while (goOn && !finishing) {
                goOn = writeOne(statement, gtid);
                pause(task.pause());
            }
        }
    }

    private boolean writeOne(PreparedStatement statement, OwnGtid gtid) {
        long id = task.journal().nextId();
        gtid.forget();
        // Whatever happens from here on is noted: an id is given out.
        try {
            statement.setString(1, task.writer());
            statement.setLong(2, id);
            statement.executeUpdate();
            task.journal().ended(id, task.address(), Outcome.ACKNOWLEDGED, gtid.last(), null);
            return true;
        } catch (SQLException e) {
            Outcome outcome = isAnswerOfServer(e) ? Outcome.REFUSED : Outcome.UNKNOWN;
            task.journal().ended(id, task.address(), outcome, gtid.last(), described(e));
            return outcome == Outcome.REFUSED && !finishing;
        } catch (RuntimeException e) {
            // A fault of the driver, as when a connection is aborted under it: the write has been sent, perhaps.
            task.journal().ended(id, task.address(), Outcome.UNKNOWN, gtid.last(), described(e));
            return false;
        }
    }

    /** With the causes: a driver's exception that only wraps another one has no message of its own. */
    private static String described(Exception failure) {
        StringBuilder said = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            said.append("; caused by ").append(cause);
        }
        return said.toString();
    }

    /** True when the server itself said that this statement did not happen; the driver's own errors have no number. */
    private static boolean isAnswerOfServer(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return e.getErrorCode() >= 1000 && !MAYBE_COMMITTED.contains(e.getErrorCode()) && !state.startsWith("08");
    }

    private static Connection connect(InstanceKey address) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", DatabaseServer.APPLICATION_USER);
        properties.setProperty("password", DatabaseServer.APPLICATION_PASSWORD);
        // A frozen server accepts, by its kernel, and never greets: the limit holds for the greeting too.
        properties.setProperty("connectTimeout", "1000");
        properties.setProperty("socketTimeout", "1000");
        properties.setProperty("trackSessionState", "true");
        return DriverManager.getConnection(DatabaseServer.jdbcUrl(address.hostname(), address.port(), ""), properties);
    }

    private void pause(Duration duration) {
        if (duration.isZero() || finishing) {
            return;
        }
        try {
            Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
        } catch (InterruptedException e) {
            // Only awaitEnd interrupts, after finish(): the loops look at that.
            Thread.currentThread().interrupt();
        }
    }
}
