package dev.orchestrator.jooq.internal.connect;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** Opens backends: first one plain connection to see who is there and to look after the schema, then the pool. */
public final class BackendOpener {
    private static final int OLDEST_MYSQL = 8;
    private static final int OLDEST_MARIADB = 10;
    private static final int ATTEMPTS = 20;
    private static final Pattern VERSION = Pattern.compile("^(?:5\\.5\\.5-(?=\\d+\\.))?(\\d+)");

    static {
        // jOOQ greets and gives tips in the log unless told not to before its first class is loaded.
        if (System.getProperty("org.jooq.no-logo") == null) {
            System.setProperty("org.jooq.no-logo", "true");
        }
        if (System.getProperty("org.jooq.no-tips") == null) {
            System.setProperty("org.jooq.no-tips", "true");
        }
    }

    private BackendOpener() {}

    /** Opens MySQL or MariaDB. */
    public static Db mysql(MySqlBackendOptions where, JooqBackendOptions how) {
        MySqlConnector connector = new MySqlConnector(where, how);
        return open(connector, how, connector::getConnectionToNewSchema);
    }

    /** Opens an SQLite file. */
    public static Db sqlite(Path file, JooqBackendOptions how) {
        SqliteConnector connector = new SqliteConnector(file, how);
        makeDirectory(file.toAbsolutePath().getParent(), connector);
        return open(connector, how, connector::getConnection);
    }

    private static void makeDirectory(@Nullable Path directory, BackendConnector connector) {
        try {
            if (directory != null) {
                Files.createDirectories(directory);
            }
        } catch (IOException e) {
            throw Db.failure(connector.describe(), "make the directory of the file", SqlErrors.CANNOT_OPEN, e);
        }
    }

    private interface Opening {
        Connection open() throws SQLException;
    }

    private static Db open(BackendConnector connector, JooqBackendOptions how, Opening opening) {
        Connection first = connect(connector, opening);
        boolean kept = false;
        try {
            SQLDialect dialect = dialect(first, connector);
            new Schema(connector, dialect == SQLDialect.SQLITE).ensure(first, how.schema());
            Connections connections;
            if (how.mode() == JooqBackendOptions.Mode.SINGLE) {
                connections = new SingleConnection(connector, first, how.connectionWait());
                kept = true;
            } else {
                connections = new PooledConnections(connector, how);
            }
            return new Db(connector, connections, dialect);
        } catch (SQLException e) {
            throw Db.failure(connector.describe(), "ask the backend for its version", SqlErrors.of(e), e);
        } finally {
            if (!kept) {
                closeQuietly(first);
            }
        }
    }

    private static Connection connect(BackendConnector connector, Opening opening) {
        for (int attempt = 1; ; attempt++) {
            try {
                return opening.open();
            } catch (SQLException e) {
                SqlErrors trouble = SqlErrors.of(e);
                // Several processes that open a new SQLite file at once exclude each other for a moment.
                if (trouble != SqlErrors.CONFLICT || attempt == ATTEMPTS) {
                    SqlErrors named = trouble == SqlErrors.CONNECTION_LOST ? SqlErrors.NO_CONNECTION : trouble;
                    throw Db.failure(connector.describe(), "open the backend", named, e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10L * attempt));
            }
        }
    }

    private static SQLDialect dialect(Connection connection, BackendConnector connector) throws SQLException {
        if (connector instanceof SqliteConnector) {
            return SQLDialect.SQLITE;
        }
        String version = connection.getMetaData().getDatabaseProductVersion();
        boolean mariaDb = version.contains("MariaDB");
        if (majorVersion(version) < (mariaDb ? OLDEST_MARIADB : OLDEST_MYSQL)) {
            throw new OrchestratorException(
                    ErrorCode.BACKEND_UNAVAILABLE,
                    "cannot use the backend " + connector.describe() + ": it is version " + version
                            + "; MySQL 8.0 or MariaDB 10.11 or newer is needed");
        }
        return mariaDb ? SQLDialect.MARIADB : SQLDialect.MYSQL;
    }

    /** MariaDB 10 announces itself as 5.5.5-10.x, for old replicas' sake, and the driver takes that for the version. */
    private static int majorVersion(String version) {
        Matcher number = VERSION.matcher(version);
        return number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Nothing was left to be done on it.
            return;
        }
    }
}
