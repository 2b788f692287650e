package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure.Kind;
import dev.orchestrator.api.model.ServerVersion;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A logged-in connection together with what was learned about the server when it was opened. */
final class ServerSession implements AutoCloseable {
    private static final String OPENING = "SET SESSION sql_mode = '', SESSION autocommit = 1;"
            + " SELECT @@version AS version, @@version_comment AS version_comment, USER() AS account,"
            + " @@GLOBAL.performance_schema AS performance_schema, UTC_TIMESTAMP(6) AS now_utc";

    private final ServerConnection connection;
    private final ServerVersion version;
    private final ReplicationDialect dialect;
    private final String user;
    private final boolean performanceSchema;
    private final ServerClock openedAt;

    private ServerSession(ServerConnection connection, ServerVersion version, ReplicationDialect dialect, ResultSet row)
            throws SQLException {
        this.connection = connection;
        this.version = version;
        this.dialect = dialect;
        String account = row.getString("account");
        int at = account.lastIndexOf('@');
        this.user = at < 0 ? account : account.substring(0, at);
        this.performanceSchema = row.getInt("performance_schema") != 0;
        this.openedAt = new ServerClock(
                SqlText.parseUtc(row.getString("now_utc")), connection.ticker().nanos());
    }

    static ServerSession open(InstanceKey key, ServerConnection connection, GatewayOptions options, Deadline deadline)
            throws SQLException, ServerFailure {
        String sql = "/* " + options.programName() + " hello */ " + OPENING;
        Object opened = connection.query(sql, deadline, results -> {
            ResultSet row = results.next();
            row.next();
            ServerVersion version;
            try {
                version = ServerVersion.parse(row.getString("version"), row.getString("version_comment"));
            } catch (IllegalArgumentException e) {
                return new ServerFailure(
                        Kind.NOT_MYSQL, "what answers at " + key + " is no server we understand: " + e.getMessage(), e);
            }
            ReplicationDialect dialect = ReplicationDialect.of(version).orElse(null);
            if (dialect == null) {
                return new ServerFailure(
                        Kind.NOT_MYSQL,
                        key + " is of a kind or version we do not understand: " + version + " ("
                                + row.getString("version_comment") + "); MySQL 5.7.9 or MariaDB 10.11 are the oldest",
                        null);
            }
            return new ServerSession(connection, version, dialect, row);
        });
        if (opened instanceof ServerFailure failure) {
            throw failure;
        }
        return (ServerSession) opened;
    }

    ServerConnection connection() {
        return connection;
    }

    ServerVersion version() {
        return version;
    }

    ReplicationDialect dialect() {
        return dialect;
    }

    /** The account's name without its host. */
    String user() {
        return user;
    }

    boolean performanceSchema() {
        return performanceSchema;
    }

    ServerClock openedAt() {
        return openedAt;
    }

    void abort() {
        connection.abort();
    }

    @Override
    public void close() {
        connection.close();
    }
}
