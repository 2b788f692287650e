package dev.orchestrator.bench.series;

import dev.orchestrator.bench.process.SeriesScope;
import dev.orchestrator.standalone.ConfigurationFiles;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The backend that all processes of a series share. */
final class SharedBackend implements AutoCloseable {
    private static final String SCHEMA = "orchestrator";

    /** Where it is. */
    enum Kind {
        /** MySQL 8.0. */
        MYSQL(ServerPackage.MYSQL_8_0),
        /** MariaDB 10.11. */
        MARIADB(ServerPackage.MARIADB_10_11),
        /** A file. */
        SQLITE(null);

        private final @Nullable ServerPackage server;

        Kind(@Nullable ServerPackage server) {
            this.server = server;
        }

        /** The server it needs. */
        Optional<ServerPackage> server() {
            return Optional.ofNullable(server);
        }
    }

    private final Kind kind;
    private final SeriesScope scope;
    private final @Nullable DatabaseServer server;

    private SharedBackend(Kind kind, SeriesScope scope, @Nullable DatabaseServer server) {
        this.kind = kind;
        this.scope = scope;
        this.server = server;
    }

    static SharedBackend start(Kind kind, SeriesScope scope) {
        DatabaseServer started = kind.server()
                .map(server -> DatabaseServer.start(ServerOptions.builder(server)
                        .line("max_connections = 1000")
                        .build()))
                .orElse(null);
        return new SharedBackend(kind, scope, started);
    }

    /** A server that somebody else starts and ends. */
    static SharedBackend on(DatabaseServer server, SeriesScope scope) {
        return new SharedBackend(Kind.MYSQL, scope, server);
    }

    Kind kind() {
        return kind;
    }

    /** The server. Fails for a file. */
    DatabaseServer server() {
        DatabaseServer running = server;
        if (running == null) {
            throw new IllegalArgumentException("this needs a backend that is a server: --backend mysql or mariadb");
        }
        return running;
    }

    /** What a configuration file says of it, straight to it. */
    Map<String, Object> keys() {
        return server == null ? file() : through(server.port());
    }

    private Map<String, Object> file() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("BackendDB", "sqlite");
        keys.put("SQLite3DataFile", scope.folder().resolve("backend.sqlite3").toString());
        return keys;
    }

    /** What a configuration file says of it by way of another port of this host. */
    Map<String, Object> through(int port) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("BackendDB", "mysql");
        keys.put("MySQLOrchestratorHost", "127.0.0.1");
        keys.put("MySQLOrchestratorPort", port);
        keys.put("MySQLOrchestratorDatabase", SCHEMA);
        keys.put("MySQLOrchestratorUser", DatabaseServer.ROOT_USER);
        keys.put("MySQLOrchestratorPassword", DatabaseServer.ROOT_PASSWORD);
        keys.put("MySQLOrchestratorMaxPoolConnections", 8);
        return keys;
    }

    /** An onlooker of our own, which makes the schema when it is the first. Started nothing, so it does not stand. */
    StandaloneOrchestrator onlooker() {
        Path file = scope.write("onlooker.conf.json", new Configuration("onlooker", keys()).json());
        return StandaloneOrchestrator.forCommand(ConfigurationFiles.load(file), "onlooker");
    }

    /** The schema with all tables, for reading past the program. */
    String schema() {
        return SCHEMA;
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
