package dev.orchestrator.jooq;

import org.junit.jupiter.api.Nested;

/** The contracts of all stores on an SQLite file. */
class SqliteBackendTest {
    @Nested
    class Leases extends LeaseStoreContract {
        Leases() {
            super(SqliteTestBackend::new);
        }
    }

    @Nested
    class Locks extends LockStoreContract {
        Locks() {
            super(SqliteTestBackend::new);
        }
    }
}
