package dev.orchestrator.jooq.internal.connect;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.jooq.JooqBackendOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
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
 * Creates the schema and brings it up to date. A schema that is up to date costs one statement and does not load the
 * migration library.
 *
 * <p>Several nodes may do this at once, and no lock of the server is relied on: every script is one statement that may
 * be repeated, and a node that loses a race for a row of the history begins again and finds less to do. A schema newer
 * than this program is left alone.
 */
public final class SchemaMigrator {
    static final String HISTORY = "orc_schema_history";
    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigrator.class);
    private static final int ATTEMPTS = 10;

    private final Connector connector;
    private final String folder;
    private final List<String> scripts;

    /** A migrator for the schema that a connector leads to. */
    public SchemaMigrator(Connector connector, boolean sqlite) {
        this.connector = connector;
        this.folder = sqlite ? "sqlite" : "mysql";
        this.scripts = MigrationScripts.in(folder);
    }

    /**
     * Makes sure that the schema is at least as new as this program.
     *
     * @throws OrchestratorException when it is not and may not or cannot be changed
     */
    public void ensure(Connection connection, JooqBackendOptions.Schema policy) {
        if (isCurrent(connection)) {
            return;
        }
        if (policy == JooqBackendOptions.Schema.REQUIRE) {
            throw new OrchestratorException(
                    ErrorCode.BACKEND_UNAVAILABLE,
                    "the schema in backend " + connector.describe() + " is missing or older than this program needs; "
                            + Trouble.NO_SCHEMA.advice());
        }
        migrate(connection);
    }

    private boolean isCurrent(Connection connection) {
        String last = version(scripts.get(scripts.size() - 1));
        String sql = "SELECT 1 FROM " + HISTORY + " WHERE version = ? AND success = 1";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, last);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        } catch (SQLException e) {
            Trouble trouble = Trouble.of(e);
            if (trouble == Trouble.NO_SCHEMA) {
                return false;
            }
            throw Db.failure(connector.describe(), "read the version of the schema", trouble, e);
        }
    }

    private static String version(String script) {
        return new MigrationScript("", script).getVersion().getVersion();
    }

    private void migrate(Connection connection) {
        for (int attempt = 1; ; attempt++) {
            try {
                flyway().migrate();
                LOG.atInfo().addKeyValue("backend", connector.describe()).log("schema is up to date");
                return;
            } catch (FlywayException e) {
                if (isCurrent(connection)) {
                    return;
                }
                if (attempt == ATTEMPTS || isHopeless(Trouble.of(e))) {
                    throw Db.failure(connector.describe(), "create or upgrade the schema", Trouble.of(e), e);
                }
                forgetFailures();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                        ThreadLocalRandom.current().nextLong(20, 200)));
            }
        }
    }

    private static boolean isHopeless(Trouble trouble) {
        return switch (trouble) {
            case ACCESS_DENIED, READ_ONLY, DISK_FULL, NO_CONNECTION, CANNOT_OPEN, UNUSABLE -> true;
            case DUPLICATE_KEY, CONFLICT, CONNECTION_LOST, NO_ANSWER, NO_SCHEMA, TOO_LARGE, OTHER -> false;
        };
    }

    /** A statement that failed is repeated rather than remembered: each is harmless to repeat. */
    private void forgetFailures() {
        try (Connection connection = connector.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("DELETE FROM " + HISTORY + " WHERE success = 0")) {
            statement.executeUpdate();
        } catch (SQLException e) {
            LOG.atDebug()
                    .addKeyValue("backend", connector.describe())
                    .setCause(e)
                    .log("no history to tidy");
        }
    }

    private Flyway flyway() {
        JavaMigration[] migrations =
                scripts.stream().map(s -> new MigrationScript(folder, s)).toArray(JavaMigration[]::new);
        FluentConfiguration configuration = Flyway.configure(SchemaMigrator.class.getClassLoader())
                .dataSource(connector)
                .table(HISTORY)
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
