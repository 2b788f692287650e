package dev.orchestrator.jooq;

import dev.orchestrator.testkit.MysqldExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of all stores on MySQL 8.0. */
class MySqlBackendTest {
    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.shared();

    static TestBackend fresh() {
        return new MySqlTestBackend(SERVER.server(), SERVER.newSchema());
    }

    @Nested
    class Leases extends LeaseStoreContract {
        Leases() {
            super(MySqlBackendTest::fresh);
        }
    }

    @Nested
    class Locks extends LockStoreContract {
        Locks() {
            super(MySqlBackendTest::fresh);
        }
    }
}
