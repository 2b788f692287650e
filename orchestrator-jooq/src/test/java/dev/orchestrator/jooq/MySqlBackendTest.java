package dev.orchestrator.jooq;

import dev.orchestrator.testkit.MysqldExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of all stores on MySQL 8.0. */
class MySqlBackendTest {
    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.shared();

    /** One schema for all tests, emptied after each: making one takes a second. */
    private static @Nullable MySqlTestBackend place;

    static TestBackend fresh() {
        MySqlTestBackend known = place;
        if (known == null) {
            known = new MySqlTestBackend(SERVER.server(), SERVER.newSchema());
            place = known;
        }
        return known;
    }

    @AfterAll
    static void leave() {
        place = null;
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

    @Nested
    class Instances extends InstanceStoreContract {
        Instances() {
            super(MySqlBackendTest::fresh);
        }
    }

    @Nested
    class Recoveries extends RecoveryStoreContract {
        Recoveries() {
            super(MySqlBackendTest::fresh);
        }
    }

    @Nested
    class Audit extends AuditStoreContract {
        Audit() {
            super(MySqlBackendTest::fresh);
        }
    }

    @Nested
    class Intents extends IntentStoreContract {
        Intents() {
            super(MySqlBackendTest::fresh);
        }
    }

    @Nested
    class Runs extends RunStoreContract {
        Runs() {
            super(MySqlBackendTest::fresh);
        }
    }

    @Nested
    class Nodes extends NodeStoreContract {
        Nodes() {
            super(MySqlBackendTest::fresh);
        }
    }

    @Nested
    class Pools extends PoolStoreContract {
        Pools() {
            super(MySqlBackendTest::fresh);
        }
    }

    @Nested
    class Fences extends FenceStoreContract {
        Fences() {
            super(MySqlBackendTest::fresh);
        }
    }
}
