package dev.orchestrator.jooq.internal.connect;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Whether the schema is at least as new as this program. Where it is, this costs one statement; the migration library is
 * not even loaded, which a command line would feel.
 */
public final class Schema {
    static final String HISTORY = "orc_schema_history";

    private final BackendConnector connector;
    private final String folder;

    /** The schema that a connector leads to. */
    public Schema(BackendConnector connector, boolean sqlite) {
        this.connector = connector;
        this.folder = sqlite ? "sqlite" : "mysql";
    }

    /**
     * Makes sure that the schema is new enough.
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
                            + SqlErrors.NO_SCHEMA.advice());
        }
        new SchemaMigrator(connector, folder, this).migrate(connection);
    }

    /** Whether the last script of this program has been run. A newer program's schema has that row too. */
    boolean isCurrent(Connection connection) {
        List<String> scripts = MigrationScripts.in(folder);
        String sql = "SELECT 1 FROM " + HISTORY + " WHERE version = ? AND success = 1";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, MigrationScripts.version(scripts.get(scripts.size() - 1)));
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        } catch (SQLException e) {
            SqlErrors trouble = SqlErrors.of(e);
            if (trouble == SqlErrors.NO_SCHEMA) {
                return false;
            }
            throw Db.failure(connector.describe(), "read the version of the schema", trouble, e);
        }
    }
}
