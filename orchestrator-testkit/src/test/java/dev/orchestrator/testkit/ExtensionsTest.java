package dev.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

@RealServers
class ExtensionsTest {
    private static final String FOLDER = "orchestrator.testkit.mariadb-11.8.dir";

    @RegisterExtension
    static final MysqldExtension shared = MysqldExtension.shared();

    @RegisterExtension
    static final MysqldExtension sharedToo = MysqldExtension.shared();

    @AfterEach
    void forget() {
        System.clearProperty(FOLDER);
        System.clearProperty("orchestrator.testkit.required");
    }

    @Test
    void allWhoShareHaveTheSameServerAndSchemasOfTheirOwn() throws SQLException {
        assertThat(shared.server()).isSameAs(sharedToo.server());
        assertThat(schemaOf(shared)).startsWith("test_").isNotEqualTo(schemaOf(sharedToo));
    }

    @Test
    void aTestIsSkippedWithTheReasonWhereItsServerIsMissing(@TempDir Path empty) {
        ServerPackage missing = missingIn(empty);
        assertThatThrownBy(() -> SkipPolicy.skipUnlessAvailable(missing))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining(empty.toString());
    }

    @Test
    void aTestFailsWhereItsServerIsMissingAndRequired(@TempDir Path empty) {
        ServerPackage missing = missingIn(empty);
        System.setProperty("orchestrator.testkit.required", "mysql-8.0," + missing.id());
        assertThatThrownBy(() -> SkipPolicy.skipUnlessAvailable(missing))
                .isInstanceOf(TestkitException.class)
                .hasMessageContaining("required")
                .hasMessageContaining(empty.toString());
    }

    private static ServerPackage missingIn(Path folder) {
        System.setProperty(FOLDER, folder.toString());
        return ServerPackage.MARIADB_11_8;
    }

    private static String schemaOf(MysqldExtension extension) throws SQLException {
        try (Connection connection = extension.newDataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT DATABASE()")) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
