package dev.orchestrator.testkit;

import static java.util.Objects.requireNonNull;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.testkit.internal.ServerAccess;
import dev.orchestrator.testkit.internal.ServerHandle;
import dev.orchestrator.testkit.internal.ServerLauncher;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A real MySQL or MariaDB server on 127.0.0.1 that can be stopped, killed, frozen and restarted. Port, data and
 * server id stay the same over restarts. It ends with this JVM at the latest, even when the JVM is killed.
 *
 * <p>Users, all from any host: {@code root/root}, {@code orchestrator/orch_topology}, {@code repl/repl}, and
 * {@code app/app} that read_only stops. Methods that
 * run SQL do so as root on a connection of their own, block until it is done, and wrap failures in
 * {@link TestkitException}. Thread-safe.
 */
public final class DatabaseServer implements AutoCloseable {
    /** The user that may do everything. */
    public static final String ROOT_USER = ServerAccess.ROOT_USER;
    /** Its password. */
    public static final String ROOT_PASSWORD = ServerAccess.ROOT_PASSWORD;
    /** The user for an orchestrator. */
    public static final String ORCHESTRATOR_USER = "orchestrator";
    /** Its password. */
    public static final String ORCHESTRATOR_PASSWORD = "orch_topology";
    /** The user that replicas connect as. */
    public static final String REPLICATION_USER = "repl";
    /** Its password. */
    public static final String REPLICATION_PASSWORD = "repl";
    /** An application: may read and write data, is stopped by read_only. */
    public static final String APPLICATION_USER = ServerAccess.APPLICATION_USER;
    /** Its password. */
    public static final String APPLICATION_PASSWORD = ServerAccess.APPLICATION_PASSWORD;

    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final ServerHandle handle;
    private volatile ServerOptions options;

    private DatabaseServer(ServerOptions options, ServerHandle handle) {
        this.options = options;
        this.handle = handle;
    }

    /** Starts a server with default options and returns when it accepts connections. */
    public static DatabaseServer start(ServerPackage serverPackage) {
        return start(ServerOptions.of(serverPackage));
    }

    /**
     * Starts a server and returns when it accepts connections: about a second, plus the unpacking and initialising of
     * the package the first time on a machine.
     *
     * @throws TestkitException when the package is not available or the server does not start
     */
    public static DatabaseServer start(ServerOptions options) {
        requireNonNull(options, "options");
        return new DatabaseServer(options, ServerLauncher.ofThisMachine().launch(options));
    }

    /** What its option file says: what it was started with, unless {@link #configure} has changed that since. */
    public ServerOptions options() {
        return options;
    }

    /** Always 127.0.0.1. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port on {@link #host()}. */
    public int port() {
        return handle.port();
    }

    /** {@code host:port}. */
    public String address() {
        return host() + ":" + port();
    }

    /** Host and port as the API names them. */
    public InstanceKey key() {
        return new InstanceKey(host(), port());
    }

    /** The process id of the running server. */
    public long pid() {
        return handle.pid();
    }

    /** True from start to end, also while frozen. */
    public boolean isRunning() {
        return handle.isRunning();
    }

    /** Clean shutdown, up to 10 s for a MySQL 8.0 primary that has replicas; {@link #kill9()} is quicker. */
    public void stop() {
        handle.stop(STOP_LIMIT);
    }

    /** Kills it with SIGKILL, as a crash would, and returns when the process is gone (milliseconds). */
    public void kill9() {
        handle.kill();
    }

    /** Freezes it with SIGSTOP: connections stay, nothing answers. */
    public void freeze() {
        handle.freeze();
    }

    /** Lets it go on after {@link #freeze()}. */
    public void thaw() {
        handle.thaw();
    }

    /** Starts it again after {@link #stop()} or {@link #kill9()}; returns when it accepts connections. */
    public void startAgain() {
        handle.startAgain();
    }

    /**
     * Writes its option file anew, of the same server package; it is what that says from its next start on.
     *
     * @throws IllegalArgumentException when the options are for another server package
     */
    public void configure(ServerOptions wanted) {
        if (wanted.serverPackage() != options.serverPackage()) {
            throw new IllegalArgumentException("the server at " + address() + " is of "
                    + options.serverPackage().id() + " and cannot become one of "
                    + wanted.serverPackage().id());
        }
        handle.configure(wanted);
        options = wanted;
    }

    /** Stops it cleanly, if it runs, and starts it again. */
    public void restart() {
        if (isRunning()) {
            stop();
        }
        startAgain();
    }

    /** Its data directory; inside of the container when the server runs in one. */
    public Path dataDir() {
        return handle.dataDir();
    }

    /** The last lines of its error log. */
    public List<String> errorLogTail(int lines) {
        List<String> all = handle.errorLog();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    /** Every line of the general log; empty unless {@link ServerOptions#generalLog()} is on. */
    public List<String> generalLog() {
        return handle.generalLog();
    }

    /** A JDBC URL without a schema. */
    public String jdbcUrl() {
        return jdbcUrl("");
    }

    /** A JDBC URL with a default schema, which must exist. */
    public String jdbcUrl(String schema) {
        return jdbcUrl(host(), port(), schema);
    }

    /** A JDBC URL for another address that leads to a server of the testkit, such as a proxy's. */
    public static String jdbcUrl(String host, int port, String schema) {
        return ServerAccess.jdbcUrl(host, port, schema);
    }

    /** A new connection as root. */
    public Connection connect() {
        return connect(ROOT_USER, ROOT_PASSWORD);
    }

    /** A new connection as that user; the caller closes it. */
    public Connection connect(String user, String password) {
        try {
            return DriverManager.getConnection(jdbcUrl(), user, password);
        } catch (SQLException e) {
            throw new TestkitException("cannot connect to " + address() + " as " + user + ": " + e.getMessage(), e);
        }
    }

    /** A data source without a pool, as root, with a default schema, which must exist (or be empty). */
    public DataSource dataSource(String schema) {
        MysqlDataSource source = new MysqlDataSource();
        source.setUrl(jdbcUrl(schema));
        source.setUser(ROOT_USER);
        source.setPassword(ROOT_PASSWORD);
        return source;
    }

    /** Runs statements one after the other on one connection as root. */
    public void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    throw new TestkitException("on " + address() + ": " + sql + ": " + e.getMessage(), e);
                }
            }
        } catch (SQLException e) {
            throw new TestkitException("on " + address() + ": " + e.getMessage(), e);
        }
    }

    /** Every row of a result, as column label to text; NULL is null. */
    public List<Map<String, @Nullable String>> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultSetMetaData columns = result.getMetaData();
            List<Map<String, @Nullable String>> rows = new ArrayList<>();
            while (result.next()) {
                Map<String, @Nullable String> row = new LinkedHashMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.put(columns.getColumnLabel(i), result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new TestkitException("on " + address() + ": " + sql + ": " + e.getMessage(), e);
        }
    }

    /** The first column of the first row as text; null when it is NULL or there is no row. */
    public @Nullable String queryValue(String sql) {
        List<Map<String, @Nullable String>> rows = query(sql);
        return rows.isEmpty() ? null : rows.get(0).values().iterator().next();
    }

    /** What the server has executed: {@code @@GLOBAL.gtid_executed}, on MariaDB {@code @@GLOBAL.gtid_current_pos}. */
    public String executedGtids() {
        String value = queryValue(
                "SELECT " + ReplicationSql.of(options.serverPackage()).executedGtids());
        return value == null ? "" : value.replace("\n", "");
    }

    /** The row of SHOW REPLICA STATUS under its modern column names on every version; empty when it is no replica. */
    public Map<String, @Nullable String> replicaStatus() {
        return ReplicationSql.of(options.serverPackage()).status(this);
    }

    /**
     * Makes it a replica of that address, by GTID unless its options have GTIDs off, and starts replication.
     *
     * @param sourceHost the host it connects to, a server's or a proxy's
     * @param sourcePort the port there
     */
    public void replicateFrom(String sourceHost, int sourcePort) {
        execute(ReplicationSql.of(options.serverPackage())
                .replicateFrom(sourceHost, sourcePort, options.gtid())
                .toArray(String[]::new));
    }

    /** Makes it a replica of that server. */
    public void replicateFrom(DatabaseServer source) {
        replicateFrom(source.host(), source.port());
    }

    /**
     * Waits until it has executed everything in that set.
     *
     * @param gtids a set as {@link #executedGtids()} of a server of the same family gives it
     * @throws TestkitException when that takes longer than {@code limit}; with the state of its replication
     */
    public void awaitExecuted(String gtids, Duration limit) {
        Following.awaitExecuted(this, gtids, limit);
    }

    /**
     * Waits until this replica has executed everything it has received so far; returns at once on a server that is none.
     *
     * @throws TestkitException when that takes longer than {@code limit}; with the state of its replication
     */
    public void awaitApplied(Duration limit) {
        awaitExecuted(ReplicationSql.of(options.serverPackage()).receivedGtids(this), limit);
    }

    /** Kills it if it runs and removes its folder. Idempotent. */
    @Override
    public void close() {
        handle.discard();
    }

    @Override
    public String toString() {
        return options.serverPackage().id() + " at " + address();
    }
}
