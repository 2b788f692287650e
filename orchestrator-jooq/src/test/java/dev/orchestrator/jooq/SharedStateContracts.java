package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.jooq.internal.connect.MySqlConnector;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.server.ServerPackage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of what nodes share and compete for, on one kind of server with one isolation level. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedStateContracts {
    @RegisterExtension
    final MysqldExtension extension;

    private final String variable;
    private final String isolation;

    /** One schema for all tests, emptied after each: making one takes a second. */
    private @Nullable MySqlTestBackend place;

    SharedStateContracts(ServerPackage serverPackage, String variable, String isolation) {
        this.extension = MysqldExtension.shared(serverPackage);
        this.variable = variable;
        this.isolation = isolation;
    }

    final MySqlTestBackend fresh() {
        MySqlTestBackend known = place;
        if (known == null) {
            known = new MySqlTestBackend(extension.server(), extension.newSchema(), variable + "='" + isolation + "'");
            place = known;
        }
        return known;
    }

    @AfterAll
    void leave() {
        place = null;
    }

    @Test
    void connectionsHaveTheIsolationLevelThatIsMeant() throws SQLException {
        try (Connection connection =
                        new MySqlConnector(fresh().where(), JooqBackendOptions.forCommand()).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@session." + variable)) {
            row.next();
            assertThat(row.getString(1)).isEqualTo(isolation);
        }
    }

    @Nested
    class Leases extends LeaseStoreContract {
        Leases() {
            super(SharedStateContracts.this::fresh);
        }
    }

    @Nested
    class Locks extends LockStoreContract {
        Locks() {
            super(SharedStateContracts.this::fresh);
        }
    }

    @Nested
    class Runs extends RunStoreContract {
        Runs() {
            super(SharedStateContracts.this::fresh);
        }
    }

    @Nested
    class Nodes extends NodeStoreContract {
        Nodes() {
            super(SharedStateContracts.this::fresh);
        }
    }

    @Nested
    class Recoveries extends RecoveryStoreContract {
        Recoveries() {
            super(SharedStateContracts.this::fresh);
        }
    }

    @Nested
    class Fences extends FenceStoreContract {
        Fences() {
            super(SharedStateContracts.this::fresh);
        }
    }
}
