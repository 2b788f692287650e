package dev.orchestrator.jooq;

import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.testkit.DatabaseServer;
import java.util.ArrayList;
import java.util.List;

/** A schema of its own on a server of the testkit. */
final class MySqlTestBackend implements TestBackend {
    private final DatabaseServer server;
    private final String schema;
    private final String sessionVariables;

    MySqlTestBackend(DatabaseServer server, String schema) {
        this(server, schema, "");
    }

    /** With session variables that every connection sets, as {@code name='value'}; empty for none. */
    MySqlTestBackend(DatabaseServer server, String schema, String sessionVariables) {
        this.server = server;
        this.schema = schema;
        this.sessionVariables = sessionVariables;
    }

    MySqlBackendOptions where() {
        MySqlBackendOptions.Builder where = MySqlBackendOptions.builder(server.key(), schema)
                .login(DatabaseServer.ROOT_USER, DatabaseServer.ROOT_PASSWORD)
                .sslMode(MySqlBackendOptions.SslMode.DISABLED);
        return (sessionVariables.isEmpty() ? where : where.property("sessionVariables", sessionVariables)).build();
    }

    String schema() {
        return schema;
    }

    @Override
    public JooqBackend open(JooqBackendOptions how) {
        return JooqBackend.mysql(where(), how);
    }

    @Override
    public void execute(String sql) {
        server.execute("USE " + schema, sql);
    }

    /** Empties the tables; the schema itself goes with the server. */
    @Override
    public void close() {
        List<String> statements = new ArrayList<>(List.of("USE " + schema));
        server.query("SELECT table_name AS t FROM information_schema.tables WHERE table_schema = '" + schema
                        + "' AND table_name <> 'orc_schema_history'")
                .forEach(row -> statements.add("DELETE FROM " + row.get("t")));
        server.execute(statements.toArray(String[]::new));
    }
}
