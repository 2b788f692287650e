package dev.orchestrator.jooq;

import dev.orchestrator.testkit.DatabaseServer;

/** A schema of its own on a server of the testkit. */
final class MySqlTestBackend implements TestBackend {
    private final DatabaseServer server;
    private final String schema;

    MySqlTestBackend(DatabaseServer server, String schema) {
        this.server = server;
        this.schema = schema;
    }

    MySqlBackendOptions where() {
        return MySqlBackendOptions.builder(server.key(), schema)
                .login(DatabaseServer.ROOT_USER, DatabaseServer.ROOT_PASSWORD)
                .sslMode(MySqlBackendOptions.SslMode.DISABLED)
                .build();
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

    @Override
    public void close() {
        server.execute("DROP DATABASE " + schema);
    }
}
