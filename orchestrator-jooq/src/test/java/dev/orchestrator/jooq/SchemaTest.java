package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.Node;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.jooq.internal.schema.DefaultSchema;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.testkit.MysqldExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the schema comes to be, and that the real ones are what the generated classes say. */
class SchemaTest {
    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.shared();

    private static final JooqBackendOptions REQUIRE = JooqBackendOptions.builder()
            .mode(JooqBackendOptions.Mode.SINGLE)
            .schema(JooqBackendOptions.Schema.REQUIRE)
            .build();

    private static TestBackend place(String kind) {
        return kind.equals("sqlite")
                ? new SqliteTestBackend()
                : new MySqlTestBackend(SERVER.server(), SERVER.newSchema());
    }

    private static Connection connect(TestBackend place) throws SQLException {
        return place instanceof SqliteTestBackend
                ? DriverManager.getConnection("jdbc:sqlite:" + ((SqliteTestBackend) place).file())
                : SERVER.server()
                        .dataSource(((MySqlTestBackend) place).schema())
                        .getConnection();
    }

    /** Table to column to "nullable" or "required". */
    private static Map<String, Map<String, String>> generated() {
        Map<String, Map<String, String>> tables = new TreeMap<>();
        for (Table<?> table : DefaultSchema.DEFAULT_SCHEMA.getTables()) {
            Map<String, String> columns = new TreeMap<>();
            for (Field<?> field : table.fields()) {
                columns.put(field.getName(), field.getDataType().nullable() ? "nullable" : "required");
            }
            tables.put(table.getName(), columns);
        }
        return tables;
    }

    private static Map<String, Map<String, String>> real(TestBackend place) throws SQLException {
        Map<String, Map<String, String>> tables = new TreeMap<>();
        try (Connection connection = connect(place);
                ResultSet columns = connection.getMetaData().getColumns(connection.getCatalog(), null, "orc_%", "%")) {
            while (columns.next()) {
                String table = columns.getString("TABLE_NAME");
                boolean nullable = columns.getInt("NULLABLE") != java.sql.DatabaseMetaData.columnNoNulls;
                tables.computeIfAbsent(table, t -> new TreeMap<>())
                        .put(columns.getString("COLUMN_NAME"), nullable ? "nullable" : "required");
            }
        }
        tables.remove("orc_schema_history");
        return tables;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "mysql"})
    void theRealSchemaIsWhatTheGeneratedClassesSay(String kind) throws SQLException {
        try (TestBackend place = place(kind)) {
            place.open().close();
            assertThat(real(place)).isEqualTo(generated()).hasSizeGreaterThan(10);
        }
    }

    @Test
    void everyTableHasAPrimaryKeyOnMySqlAndItsTextIsUnicode() {
        try (TestBackend place = place("mysql")) {
            place.open().close();
            String schema = ((MySqlTestBackend) place).schema();
            assertThat(SERVER.server()
                            .query("SELECT t.table_name AS n FROM information_schema.tables t WHERE t.table_schema = '"
                                    + schema + "' AND (t.engine <> 'InnoDB' OR NOT EXISTS (SELECT 1 FROM"
                                    + " information_schema.table_constraints c WHERE c.table_schema = t.table_schema"
                                    + " AND c.table_name = t.table_name AND c.constraint_type = 'PRIMARY KEY'))"))
                    .isEmpty();
            assertThat(SERVER.server()
                            .query("SELECT table_name AS n FROM information_schema.columns WHERE table_schema = '"
                                    + schema
                                    + "' AND collation_name <> 'utf8mb4_bin' AND table_name <> 'orc_schema_history'"))
                    .isEmpty();
        }
    }

    @Test
    void everyScriptOfTheFoldersIsRun() throws IOException, SQLException {
        for (String kind : List.of("sqlite", "mysql")) {
            try (TestBackend place = place(kind);
                    Stream<Path> files =
                            Files.list(Path.of("src/main/resources/dev/orchestrator/jooq/migration", kind))) {
                place.open().close();
                assertThat(history(place)).hasSize((int) files.count());
            }
        }
    }

    private static List<String> history(TestBackend place) throws SQLException {
        List<String> versions = new ArrayList<>();
        try (Connection connection = connect(place);
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("SELECT version FROM orc_schema_history WHERE success = 1 AND type <> 'BASELINE'"
                                + " AND type <> 'SCHEMA'")) {
            while (rows.next()) {
                versions.add(rows.getString(1));
            }
        }
        return versions;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "mysql"})
    void manyNodesMayStartAtOnce(String kind) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(6);
        try (TestBackend place = place(kind)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(pool.submit(() -> {
                    try (JooqBackend backend = place.open(JooqBackendOptions.forCommand())) {
                        backend.leases().acquire("x", "y", java.time.Duration.ZERO);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(120, TimeUnit.SECONDS);
            }
            assertThat(real(place)).isEqualTo(generated());
        } finally {
            pool.shutdownNow();
        }
    }

    /** A node that died between a statement and the note of it leaves work that was done and is not known to be. */
    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "mysql"})
    void goesOnWhereANodeDied(String kind) throws SQLException {
        try (TestBackend place = place(kind)) {
            place.open().close();
            int all = history(place).size();
            place.execute("DELETE FROM orc_schema_history WHERE version >= '009'");
            place.execute("UPDATE orc_schema_history SET success = 0 WHERE version = '008'");
            place.open().close();
            assertThat(history(place)).hasSize(all);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "mysql"})
    void leavesANewerSchemaAlone(String kind) throws SQLException {
        try (TestBackend place = place(kind)) {
            place.open().close();
            place.execute("CREATE TABLE orc_future (id BIGINT PRIMARY KEY)");
            place.execute("ALTER TABLE orc_node ADD COLUMN future VARCHAR(10)");
            place.execute("INSERT INTO orc_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, execution_time, success)"
                    + " VALUES (1000, '999', 'future', 'JDBC', 'V999', 1, 'x', 1, 1)");
            try (JooqBackend backend = place.open(REQUIRE)) {
                backend.nodes()
                        .heartbeat(new Node("h", "t", "v", "c", "b", java.time.Instant.EPOCH, java.time.Instant.EPOCH));
                assertThat(backend.nodes().alive(java.time.Duration.ofHours(1))).hasSize(1);
            }
            // A node of this version that finds something of its own missing does it among the newer ones.
            place.execute("DELETE FROM orc_schema_history WHERE version = '044'");
            place.open().close();
            assertThat(history(place)).contains("044", "999");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "mysql"})
    void livesBesideForeignTables(String kind) throws SQLException {
        try (TestBackend place = place(kind)) {
            place.execute("CREATE TABLE database_instance (hostname VARCHAR(100) PRIMARY KEY)");
            place.open().close();
            assertThat(real(place)).isEqualTo(generated());
            place.execute("INSERT INTO database_instance VALUES ('untouched')");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "mysql"})
    void refusesAMissingSchemaWhenItMayNotMakeIt(String kind) {
        try (TestBackend place = place(kind)) {
            assertThatThrownBy(() -> place.open(REQUIRE))
                    .isInstanceOf(OrchestratorException.class)
                    .hasMessageContaining("missing or older")
                    .hasMessageContaining("let a service with the right to create tables start once");
        }
    }

    /** The command line opens a backend in each process: that must not cost the libraries it does not need. */
    @Test
    void aCommandLoadsNeitherTheMigrationLibraryNorThePool(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("x.db");
        JooqBackend.sqlite(file, JooqBackendOptions.forCommand()).close();
        Path log = dir.resolve("classes.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ColdStart.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("out").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(dir.resolve("out"))).contains("0 clusters");
        List<String> classes = Files.readAllLines(log);
        assertThat(classes).anyMatch(line -> line.contains("org.jooq.impl.DSL"));
        assertThat(classes).noneMatch(line -> line.contains("org.flywaydb") || line.contains("com.zaxxer"));
    }
}
