package dev.orchestrator.jooq.internal.connect;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions.SslMode;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/** Opens connections to MySQL or MariaDB with as few statements of the driver's own as possible. */
public final class MySqlConnector extends BackendConnector {
    // Not the driver that registers itself: DriverManager would load every driver of the class path.
    private static final String DRIVER = "com.mysql.cj.jdbc.NonRegisteringDriver";

    /**
     * After that time without a statement the server ends a connection, and undoes its transaction: whoever stands still or
     * vanished between two statements of one, without an end of its connection, holds its locks no longer. The pool replaces
     * a connection that was ended so.
     */
    private static final Duration IDLE = Duration.ofMinutes(1);

    private static final int UNKNOWN_DATABASE = 1049;

    private final MySqlBackendOptions where;
    private final Driver driver = newDriver();
    private final Properties properties;
    private volatile InstanceKey address;

    /** A connector with these options. */
    public MySqlConnector(MySqlBackendOptions where, JooqBackendOptions how) {
        this.where = where;
        this.address = where.address();
        this.properties = properties(where, how);
    }

    private static Driver newDriver() {
        try {
            return (Driver) Class.forName(DRIVER).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "a MySQL backend needs MySQL BackendConnector/J (com.mysql:mysql-connector-j) on the class path",
                    e);
        }
    }

    private static Properties properties(MySqlBackendOptions where, JooqBackendOptions how) {
        Properties p = new Properties();
        p.setProperty("user", where.user());
        p.setProperty("password", where.password());
        p.setProperty("sslMode", where.sslMode().name());
        p.setProperty("connectTimeout", Long.toString(how.connectTimeout().toMillis()));
        p.setProperty("socketTimeout", Long.toString(how.answerTimeout().toMillis()));
        p.setProperty("characterEncoding", "UTF-8");
        p.setProperty("useLocalSessionState", "true");
        p.setProperty("elideSetAutoCommits", "true");
        p.setProperty("cacheServerConfiguration", "true");
        p.setProperty("maintainTimeStats", "false");
        p.setProperty("allowPublicKeyRetrieval", Boolean.toString(where.sslMode() == SslMode.DISABLED));
        where.properties().forEach(p::setProperty);
        p.setProperty("sessionVariables", sessionVariables(p.getProperty("sessionVariables", ""), how));
        return p;
    }

    private static String sessionVariables(String wanted, JooqBackendOptions how) {
        // A row that somebody has locked is waited for no longer than anybody waits here for the answer.
        long patience = Math.max(1, how.answerTimeout().minusSeconds(1).toSeconds());
        String bounds = "wait_timeout=" + IDLE.toSeconds() + ",innodb_lock_wait_timeout=" + patience;
        // The driver takes autocommit for granted, and the pool relies on it; a server's own default may be another.
        return bounds + (wanted.isEmpty() ? "" : "," + wanted) + ",autocommit=1";
    }

    @Override
    public String describe() {
        return "mysql at " + address + "/" + where.database();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connect(address, where.database(), properties);
    }

    /** Where connections lead at present. */
    public InstanceKey address() {
        return address;
    }

    /** Has later connections lead elsewhere. */
    void leadTo(InstanceKey other) {
        address = other;
    }

    /** Opens a connection to the same schema of another server, in which nothing takes longer than the limit. */
    Connection getConnectionTo(InstanceKey other, Duration limit) throws SQLException {
        Properties hasty = new Properties();
        hasty.putAll(properties);
        hasty.setProperty("connectTimeout", Long.toString(limit.toMillis()));
        hasty.setProperty("socketTimeout", Long.toString(limit.toMillis()));
        return connect(other, where.database(), hasty);
    }

    /** Opens a connection, and makes the schema when it is missing. */
    public Connection getConnectionToNewSchema() throws SQLException {
        try {
            return getConnection();
        } catch (SQLException e) {
            if (e.getErrorCode() != UNKNOWN_DATABASE) {
                throw e;
            }
        }
        try (Connection connection = connect(address, "", properties);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE DATABASE IF NOT EXISTS `" + where.database()
                    + "` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        }
        return getConnection();
    }

    private Connection connect(InstanceKey server, String database, Properties how) throws SQLException {
        Connection connection = driver.connect("jdbc:mysql://" + server + "/" + database, how);
        if (connection == null) {
            throw new SQLException("the driver does not accept the address " + server);
        }
        return connection;
    }
}
