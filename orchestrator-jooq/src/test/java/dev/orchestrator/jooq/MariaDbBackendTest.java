package dev.orchestrator.jooq;

import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.ServerPackage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of all stores on MariaDB 10.11. */
class MariaDbBackendTest {
    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.shared(ServerPackage.MARIADB_10_11);

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
            super(MariaDbBackendTest::fresh);
        }
    }

    @Nested
    class Locks extends LockStoreContract {
        Locks() {
            super(MariaDbBackendTest::fresh);
        }
    }

    @Nested
    class Instances extends InstanceStoreContract {
        Instances() {
            super(MariaDbBackendTest::fresh);
        }
    }

    @Nested
    class Recoveries extends RecoveryStoreContract {
        Recoveries() {
            super(MariaDbBackendTest::fresh);
        }
    }

    @Nested
    class Audit extends AuditStoreContract {
        Audit() {
            super(MariaDbBackendTest::fresh);
        }
    }

    @Nested
    class Intents extends IntentStoreContract {
        Intents() {
            super(MariaDbBackendTest::fresh);
        }
    }

    @Nested
    class Nodes extends NodeStoreContract {
        Nodes() {
            super(MariaDbBackendTest::fresh);
        }
    }
}
