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

    @Nested
    class Instances extends InstanceStoreContract {
        Instances() {
            super(SqliteTestBackend::new);
        }
    }

    @Nested
    class Recoveries extends RecoveryStoreContract {
        Recoveries() {
            super(SqliteTestBackend::new);
        }
    }

    @Nested
    class Audit extends AuditStoreContract {
        Audit() {
            super(SqliteTestBackend::new);
        }
    }

    @Nested
    class Intents extends IntentStoreContract {
        Intents() {
            super(SqliteTestBackend::new);
        }
    }

    @Nested
    class Runs extends RunStoreContract {
        Runs() {
            super(SqliteTestBackend::new);
        }
    }

    @Nested
    class Nodes extends NodeStoreContract {
        Nodes() {
            super(SqliteTestBackend::new);
        }
    }

    @Nested
    class Pools extends PoolStoreContract {
        Pools() {
            super(SqliteTestBackend::new);
        }
    }

    @Nested
    class Fences extends FenceStoreContract {
        Fences() {
            super(SqliteTestBackend::new);
        }
    }
}
