package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@RealServers
class DatabaseServerTest {
    @RegisterExtension
    static final MysqldExtension mysqld = MysqldExtension.of(ServerOptions.builder(ServerPackage.MYSQL_8_0)
            .generalLog(true)
            .line("max_connections = 77")
            .build());

    private final DatabaseServer server = mysqld.server();

    @Test
    void hasTheVersionOptionsAndUsersThatWereAskedFor() throws Exception {
        assertThat(server.queryValue("SELECT version()")).startsWith("8.0.31");
        assertThat(server.queryValue("SELECT @@max_connections")).isEqualTo("77");
        assertThat(server.queryValue("SELECT @@gtid_mode")).isEqualTo("ON");
        assertThat(server.queryValue("SELECT @@port")).isEqualTo(String.valueOf(server.port()));
        assertThat(server.queryValue("SELECT @@bind_address")).isEqualTo("127.0.0.1");
        try (Connection connection =
                server.connect(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD)) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void isWhatItsOptionFileSaysFromTheNextStartOn() {
        ServerOptions before = server.options();
        server.configure(before.toBuilder().line("max_connections = 78").build());
        assertThat(server.queryValue("SELECT @@max_connections")).isEqualTo("77");
        assertThatThrownBy(() -> server.configure(ServerOptions.of(ServerPackage.MYSQL_5_7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(server.address());

        server.kill9();
        server.startAgain();
        assertThat(server.queryValue("SELECT @@max_connections")).isEqualTo("78");

        server.configure(before);
        server.kill9();
        server.startAgain();
        assertThat(server.queryValue("SELECT @@max_connections")).isEqualTo("77");
    }

    @Test
    void keepsDataPortAndIdentityOverAKillAndAStop() {
        String schema = mysqld.newSchema();
        server.execute("CREATE TABLE " + schema + ".t (id INT PRIMARY KEY)", "INSERT INTO " + schema + ".t VALUES (1)");
        String identity = server.queryValue("SELECT @@server_uuid");
        int port = server.port();
        long pid = server.pid();

        server.kill9();
        assertThat(server.isRunning()).isFalse();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThatThrownBy(server::connect).isInstanceOf(TestkitException.class).hasMessageContaining(server.address());

        server.startAgain();
        assertThat(server.port()).isEqualTo(port);
        assertThat(server.queryValue("SELECT @@server_uuid")).isEqualTo(identity);
        assertThat(server.queryValue("SELECT id FROM " + schema + ".t")).isEqualTo("1");

        server.restart();
        assertThat(server.pid()).isNotEqualTo(pid);
        assertThat(server.queryValue("SELECT id FROM " + schema + ".t")).isEqualTo("1");
    }

    @Test
    void answersNothingWhileFrozenAndGoesOnAfterwards() throws Exception {
        server.freeze();
        try {
            assertThatThrownBy(() -> DriverManager.getConnection(
                            server.jdbcUrl() + "&socketTimeout=300",
                            DatabaseServer.ROOT_USER,
                            DatabaseServer.ROOT_PASSWORD))
                    .isInstanceOf(java.sql.SQLException.class);
            assertThat(server.isRunning()).isTrue();
        } finally {
            server.thaw();
        }
        assertThat(server.queryValue("SELECT 1")).isEqualTo("1");
    }

    @Test
    void writesTheLogsThatCanBeRead() throws Exception {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 'a sentence for the log'");
        }
        assertThat(server.generalLog()).anyMatch(line -> line.contains("a sentence for the log"));
        assertThat(String.join("\n", server.errorLogTail(50))).contains("ready for connections");
    }

    @Test
    void refusesOptionsTheServerDoesNotKnowWithItsOwnWords() {
        ServerOptions wrong = ServerOptions.builder(ServerPackage.MYSQL_8_0)
                .line("no_such_option = 1")
                .build();
        assertThatThrownBy(() -> DatabaseServer.start(wrong))
                .isInstanceOf(TestkitException.class)
                .hasMessageContaining("no_such_option");
    }

    @Test
    void leavesNothingBehindWhenClosed() throws Exception {
        DatabaseServer other = DatabaseServer.start(ServerPackage.MYSQL_8_0);
        Path folder = Objects.requireNonNull(other.dataDir().getParent());
        long pid = other.pid();
        int port = other.port();

        other.close();
        other.close();

        assertThat(Files.exists(folder)).isFalse();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        try (ServerSocket socket = new ServerSocket(port)) {
            assertThat(socket.isBound()).isTrue();
        }
    }
}
