package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.internal.fetch.Settings;
import dev.orchestrator.testkit.server.ServerFamily;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * Starts servers as containers on the host's network, so that they reach each other and are reached at 127.0.0.1 as
 * processes are. Docker must offer host networking: any Docker on Linux, Docker Desktop where it is switched on.
 */
final class DockerServerLauncher implements ServerLauncher {
    private static final String USERS = "/docker-entrypoint-initdb.d/users.sql";

    @Override
    public ServerHandle launch(ServerOptions options) {
        ServerPackage server = options.serverPackage();
        int port = FreePorts.free();
        // The image could not make its users on a server that is read-only from the start.
        String writable =
                MyCnf.textInContainer(options.toBuilder().readOnly(false).build(), port, DockerServer.GENERAL_LOG);
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image(server)))
                .withNetworkMode("host")
                .withEnv("MYSQL_ROOT_PASSWORD", ServerAccess.ROOT_PASSWORD)
                .withEnv("MARIADB_ROOT_PASSWORD", ServerAccess.ROOT_PASSWORD)
                .withEnv("MYSQL_INITDB_SKIP_TZINFO", "1")
                .withEnv("MARIADB_INITDB_SKIP_TZINFO", "1")
                .withCopyToContainer(Transferable.of(InitSql.inContainer(server)), USERS)
                .withCopyToContainer(Transferable.of(writable), DockerServer.CONFIGURATION);
        try {
            container.start();
            DockerServer handle = new DockerServer(container, port);
            handle.awaitReady();
            handle.configure(options);
            finish(options, port);
            return handle;
        } catch (RuntimeException e) {
            container.stop();
            FreePorts.release(port);
            throw new TestkitException(
                    "cannot start " + server.id() + " in a container of " + image(server) + ": " + e.getMessage(), e);
        }
    }

    private static void finish(ServerOptions options, int port) {
        ServerPackage server = options.serverPackage();
        List<String> statements = new ArrayList<>();
        statements.add(server == ServerPackage.MYSQL_9 ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER");
        if (options.readOnly()) {
            String variable = server.family() == ServerFamily.MYSQL ? "super_read_only" : "read_only";
            statements.add("SET GLOBAL " + variable + " = 1");
        }
        String url = ServerAccess.jdbcUrl("127.0.0.1", port, "");
        try (Connection connection =
                        DriverManager.getConnection(url, ServerAccess.ROOT_USER, ServerAccess.ROOT_PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new TestkitException("cannot prepare the server at port " + port + ": " + e.getMessage(), e);
        }
    }

    private static String image(ServerPackage server) {
        return Settings.imageOf(server.id()).orElseGet(() -> switch (server) {
            case MYSQL_8_0 -> "mysql:8.0.31";
            case MYSQL_5_7 -> "mysql:5.7";
            case MYSQL_9 -> "mysql:9";
            case MARIADB_10_11 -> "mariadb:10.11";
            case MARIADB_11_8 -> "mariadb:11.8";
        });
    }
}
