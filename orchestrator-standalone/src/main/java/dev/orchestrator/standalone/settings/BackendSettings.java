package dev.orchestrator.standalone.settings;

import dev.orchestrator.api.model.channel.Credentials;
import java.time.Duration;
import java.util.Objects;

/**
 * Which backend, and how to reach it.
 *
 * @param kind a shared MySQL server or a file
 * @param sqliteFile the file, {@code :memory:} for none; empty for MySQL
 * @param host the MySQL server's host
 * @param port the MySQL server's port
 * @param database the database; created when missing
 * @param credentials the account
 * @param limits timeouts and the size of the pool
 * @param migrate whether the schema is created and brought up to date
 */
public record BackendSettings(
        Kind kind,
        String sqliteFile,
        String host,
        int port,
        String database,
        Credentials credentials,
        Limits limits,
        boolean migrate) {
    /** Kinds of backends. */
    public enum Kind {
        /** A MySQL or MariaDB server that any number of nodes share. */
        MYSQL,
        /** A file of this host. */
        SQLITE
    }

    /**
     * Timeouts and the size of the pool.
     *
     * @param connectTimeout how long connecting may take
     * @param readTimeout how long a statement may be silent
     * @param maxConnections how many connections at most
     */
    public record Limits(Duration connectTimeout, Duration readTimeout, int maxConnections) {}

    /** Checks what must be there. */
    public BackendSettings {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(sqliteFile, "sqliteFile");
        Objects.requireNonNull(credentials, "credentials");
    }

    /**
     * A SQLite backend.
     *
     * @param file the file
     * @return the settings
     */
    public static BackendSettings sqlite(String file) {
        return new BackendSettings(
                Kind.SQLITE,
                file,
                "",
                0,
                "",
                new Credentials("", ""),
                new Limits(Duration.ofSeconds(2), Duration.ofSeconds(30), 8),
                true);
    }

    /**
     * These settings with another rule about the schema.
     *
     * @param value whether the schema is created and brought up to date
     * @return the settings
     */
    public BackendSettings withMigrate(boolean value) {
        return new BackendSettings(kind, sqliteFile, host, port, database, credentials, limits, value);
    }

    /**
     * What and where, without secrets.
     *
     * @return such as {@code mysql at db:3306/orchestrator}
     */
    public String describe() {
        return kind == Kind.SQLITE ? "sqlite in " + sqliteFile : "mysql at " + host + ":" + port + "/" + database;
    }
}
