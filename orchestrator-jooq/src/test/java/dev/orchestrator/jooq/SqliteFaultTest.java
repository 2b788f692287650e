package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.jooq.internal.connect.SingleConnection;
import dev.orchestrator.jooq.internal.connect.SqliteConnector;
import dev.orchestrator.jooq.internal.store.JooqAuditStore;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An SQLite backend that is full, locked, read-only, damaged or in a place where nothing can be. */
class SqliteFaultTest {
    private static final JooqBackendOptions QUICK = JooqBackendOptions.builder()
            .poolSize(2)
            .busyTimeout(Duration.ofMillis(200))
            .build();

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void file() {
        file = dir.resolve("orchestrator.db");
    }

    private static void assertUnavailable(Runnable call, String... words) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        OrchestratorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE))
                .hasMessageContainingAll(words);
    }

    @Test
    void makesTheDirectoryOfTheFile() {
        file = dir.resolve("a/b/orchestrator.db");
        JooqBackend.sqlite(file, QUICK).close();
        assertThat(file).exists();
    }

    @Test
    void saysThatTheFileCannotBeThere() throws IOException {
        Path inTheWay = Files.createFile(dir.resolve("plain"));
        assertUnavailable(() -> JooqBackend.sqlite(inTheWay.resolve("x.db"), QUICK), "plain/x.db", "cannot open");
        assertUnavailable(() -> JooqBackend.sqlite(dir, QUICK), dir.toString(), "cannot open");
    }

    @Test
    void saysThatTheFileIsNoDatabase() throws IOException {
        Files.writeString(file, "this is not a database, whatever its name says. ".repeat(100));
        assertUnavailable(() -> JooqBackend.sqlite(file, QUICK), file.toString(), "unusable", "move it away");
        assertThat(Files.readString(file)).startsWith("this is not");
    }

    @Test
    void saysThatTheFileIsReadOnly() throws IOException {
        JooqBackend.sqlite(file, QUICK).close();
        assertThat(file.toFile().setWritable(false)).isTrue();
        assumeFalse(Files.isWritable(file), "this user may write read-only files");
        try (JooqBackend backend = JooqBackend.sqlite(file, QUICK)) {
            backend.intents().read();
            assertUnavailable(() -> backend.leases().acquire("l", "n", Duration.ZERO), "read only", "make it writable");
        }
    }

    @Test
    void saysThatTheDiskIsFullAndGoesOnWhenItIsNot() throws SQLException {
        JooqBackend.sqlite(file, QUICK).close();
        SqliteConnector connector = new SqliteConnector(file, QUICK);
        Connection connection = connector.getConnection();
        try (Db db = new Db(
                        connector,
                        new SingleConnection(connector, connection, Duration.ofSeconds(1)),
                        SQLDialect.SQLITE);
                Statement limit = connection.createStatement()) {
            JooqAuditStore audit = new JooqAuditStore(db);
            limit.execute("PRAGMA max_page_count = 120");
            List<AuditEntry> big = Collections.nCopies(
                    50, new AuditEntry(0, null, "t", null, "", StoreContract.ANNE, StoreContract.WILD));
            assertUnavailable(() -> audit.append(big), "write 50 audit entries", "disk full", "free space");
            assertThat(audit.read(null, 0, 10)).as("all or nothing").isEmpty();
            limit.execute("PRAGMA max_page_count = 100000");
            audit.append(big);
            assertThat(audit.read(null, 0, 100)).hasSize(50);
        }
    }

    @Test
    void givesUpWaitingForAnotherProcessThatKeepsTheFileLocked() throws SQLException {
        try (JooqBackend backend = JooqBackend.sqlite(file, QUICK);
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertUnavailable(
                    () -> backend.leases().acquire("l", "n", Duration.ofHours(1)), "take the lease l", "conflict");
            backend.intents().read();
            statement.execute("COMMIT");
            assertThat(backend.leases().acquire("l", "n", Duration.ofHours(1))).isPresent();
        }
    }

    @Test
    void saysThatATableIsMissing() throws SQLException {
        try (JooqBackend backend = JooqBackend.sqlite(file, QUICK);
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("DROP TABLE orc_node");
            assertUnavailable(() -> backend.nodes().alive(Duration.ZERO), "read the nodes", "no schema");
        }
    }

    @Test
    void isDescribedByItsPath() {
        try (JooqBackend backend = JooqBackend.sqlite(file, QUICK)) {
            assertThat(backend.describe()).isEqualTo("sqlite in " + file);
            backend.ping();
        }
    }
}
