package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.Guard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** A connection lent to one command. Every change goes through {@link #guarded}. */
final class CommandConnection implements AutoCloseable {
    private final MonitoredServer server;
    private final ServerSession session;
    private ServerClock clock;

    CommandConnection(MonitoredServer server, ServerSession session, ServerClock clock) {
        this.server = server;
        this.session = session;
        this.clock = clock;
    }

    static ServerClock readClock(ServerSession session, Deadline deadline) throws SQLException {
        return session.connection().query("SELECT UTC_TIMESTAMP(6) AS now_utc", deadline, results -> {
            ResultSet row = results.next();
            row.next();
            return new ServerClock(
                    SqlText.parseUtc(row.getString("now_utc")),
                    deadline.ticker().nanos());
        });
    }

    ServerSession session() {
        return session;
    }

    ReplicationDialect dialect() {
        return session.dialect();
    }

    /** Reads without changing anything. */
    <T> T read(String sql, Deadline deadline, ServerConnection.Reader<T> reader) throws SQLException {
        return session.connection().query(comment() + sql, deadline, reader);
    }

    /** Sends statements behind the guard: the server carries out none of them when the guard is false. */
    void guarded(Guard guard, Deadline deadline, List<String> statements) throws SQLException {
        guarded(guard, deadline, statements, results -> true);
    }

    /** Like the other one, and reads what the statements after the guard yield. */
    <T> T guarded(Guard guard, Deadline deadline, List<String> statements, ServerConnection.Reader<T> reader)
            throws SQLException {
        String batch = comment() + guardSql(guard) + "; " + String.join("; ", statements);
        return session.connection().query(batch, deadline, results -> {
            ResultSet row = results.next();
            row.next();
            clock = new ServerClock(
                    SqlText.parseUtc(row.getString("now_utc")),
                    deadline.ticker().nanos());
            return reader.read(results);
        });
    }

    /** Fails with error 1242 on any other server, and when the time is over by the server's own clock. */
    private String guardSql(Guard guard) {
        return "SELECT IF(" + dialect().identity() + " = " + SqlText.quote(guard.serverUuid())
                + " AND UTC_TIMESTAMP(6) < " + SqlText.quote(clock.at(guard.deadlineNanos()))
                + ", 0, (SELECT 1 UNION SELECT 2)) AS guard, UTC_TIMESTAMP(6) AS now_utc";
    }

    private String comment() {
        return "/* " + server.options().programName() + " command */ ";
    }

    /** What a failed command means to its caller; secrets are taken out of what the server said. */
    OrchestratorException explain(String what, SQLException e, Guard guard, Deadline deadline, String secret) {
        InstanceKey key = server.key();
        String said = Failures.rootMessageWithout(secret, e);
        // The driver's exception may quote the statement, and with it the secret.
        SQLException cause = secret.isEmpty() ? e : null;
        if (!Failures.isRefusal(e)) {
            session.abort();
            return new OrchestratorException(
                    ErrorCode.INSTANCE_UNREACHABLE,
                    "cannot " + what + " on " + key + ": the answer did not come (" + said
                            + "); it may have been carried out all the same",
                    cause);
        }
        if (e.getErrorCode() == Failures.GUARD_FALSE) {
            return new OrchestratorException(
                    ErrorCode.GUARD_REFUSED,
                    "will not " + what + " on " + key + ": " + whyGuarded(guard, deadline) + "; nothing was changed");
        }
        return new OrchestratorException(
                ErrorCode.COMMAND_FAILED, "cannot " + what + " on " + key + ": " + said, cause);
    }

    private String whyGuarded(Guard guard, Deadline deadline) {
        try {
            String identity = read("SELECT " + dialect().identity(), deadline, results -> {
                ResultSet row = results.next();
                row.next();
                return row.getString(1);
            });
            return guard.serverUuid().equals(identity)
                    ? "the time allowed for it was over when it arrived"
                    : "the server there is " + identity + ", not " + guard.serverUuid();
        } catch (SQLException e) {
            return "it is another server or the time allowed was over";
        }
    }

    /** Gives the connection back; one that broke is thrown away. */
    @Override
    public void close() {
        server.giveBack(session);
    }
}
