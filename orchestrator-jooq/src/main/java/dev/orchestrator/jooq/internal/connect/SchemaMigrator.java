package dev.orchestrator.jooq.internal.connect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the schema and brings it up to date with the migration library.
 *
 * <p>Several nodes may do this at once, and no lock of the server is relied on: every script is one statement that may
 * be repeated, and a node that loses a race for a row of the history begins again and finds less to do. A schema newer
 * than this program is left alone.
 */
final class SchemaMigrator {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigrator.class);
    private static final int ATTEMPTS = 10;

    private final BackendConnector connector;
    private final String folder;
    private final Schema check;

    SchemaMigrator(BackendConnector connector, String folder, Schema check) {
        this.connector = connector;
        this.folder = folder;
        this.check = check;
    }

    /** Runs the scripts that have not been run. */
    void migrate(Connection connection) {
        rehearse(connection);
        for (int attempt = 1; ; attempt++) {
            try {
                flyway().migrate();
                LOG.atInfo().addKeyValue("backend", connector.describe()).log("schema is up to date");
                return;
            } catch (FlywayException e) {
                if (check.isCurrent(connection)) {
                    return;
                }
                if (attempt == ATTEMPTS || isHopeless(SqlErrors.of(e))) {
                    throw Db.failure(connector.describe(), "create or upgrade the schema", SqlErrors.of(e), e);
                }
                forgetFailures();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                        ThreadLocalRandom.current().nextLong(20, 200)));
            }
        }
    }

    /**
     * Runs the first script by itself, which changes nothing that the migration would not. Where it may not be run, this
     * says so at once; the library would try for ten seconds.
     */
    private void rehearse(Connection connection) {
        String script = new MigrationScript(folder, MigrationScripts.in(folder).get(0)).text();
        try (Statement statement = connection.createStatement()) {
            statement.execute(script);
        } catch (SQLException e) {
            SqlErrors trouble = SqlErrors.of(e);
            if (isHopeless(trouble)) {
                throw Db.failure(connector.describe(), "create or upgrade the schema", trouble, e);
            }
        }
    }

    private static boolean isHopeless(SqlErrors trouble) {
        return switch (trouble) {
            case ACCESS_DENIED, READ_ONLY, DISK_FULL, NO_CONNECTION, CANNOT_OPEN, UNUSABLE -> true;
            case DUPLICATE_KEY, CONFLICT, CONNECTION_LOST, NO_ANSWER, NO_SCHEMA, TOO_LARGE, OTHER -> false;
        };
    }

    /** A statement that failed is repeated rather than remembered: each is harmless to repeat. */
    private void forgetFailures() {
        try (Connection connection = connector.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("DELETE FROM " + Schema.HISTORY + " WHERE success = 0")) {
            statement.executeUpdate();
        } catch (SQLException e) {
            LOG.atDebug()
                    .addKeyValue("backend", connector.describe())
                    .setCause(e)
                    .log("no history to tidy");
        }
    }

    private Flyway flyway() {
        JavaMigration[] migrations = MigrationScripts.in(folder).stream()
                .map(s -> new MigrationScript(folder, s))
                .toArray(JavaMigration[]::new);
        FluentConfiguration configuration = Flyway.configure(SchemaMigrator.class.getClassLoader())
                .dataSource(connector)
                .table(Schema.HISTORY)
                .locations(new String[0])
                .javaMigrations(migrations)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .ignoreMigrationPatterns("*:future", "*:missing")
                .outOfOrder(true)
                .lockRetryCount(20)
                .loggers(QuietLog.class.getName());
        return configuration.load();
    }
}
