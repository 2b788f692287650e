package dev.orchestrator.jooq.internal.connect;

import dev.orchestrator.jooq.options.JooqBackendOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/** Opens connections to an SQLite file that several processes of a host may share. */
public final class SqliteConnector extends BackendConnector {
    private final Path file;
    private final Properties properties;

    /** A connector to a file, which is made when it is missing; its directory must exist. */
    public SqliteConnector(Path file, JooqBackendOptions how) {
        this.file = file.toAbsolutePath();
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout((int) how.busyTimeout().toMillis());
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(how.durable() ? SQLiteConfig.SynchronousMode.FULL : SQLiteConfig.SynchronousMode.NORMAL);
        // A transaction that begins reading and then writes would be refused when another process wrote in between.
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        this.properties = config.toProperties();
    }

    @Override
    public String describe() {
        return "sqlite in " + file;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return JDBC.createConnection(JDBC.PREFIX + file, properties);
    }
}
