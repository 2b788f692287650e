package dev.orchestrator.jooq;

import dev.orchestrator.testkit.server.ServerPackage;
import org.junit.jupiter.api.Nested;

/** All stores, on MariaDB 10.11 under REPEATABLE READ. */
class MariaDbRepeatableReadTest extends SharedStateContracts {
    MariaDbRepeatableReadTest() {
        super(ServerPackage.MARIADB_10_11, "tx_isolation", "REPEATABLE-READ");
    }

    @Nested
    class Instances extends InstanceStoreContract {
        Instances() {
            super(MariaDbRepeatableReadTest.this::fresh);
        }
    }

    @Nested
    class Audit extends AuditStoreContract {
        Audit() {
            super(MariaDbRepeatableReadTest.this::fresh);
        }
    }

    @Nested
    class Intents extends IntentStoreContract {
        Intents() {
            super(MariaDbRepeatableReadTest.this::fresh);
        }
    }

    @Nested
    class Pools extends PoolStoreContract {
        Pools() {
            super(MariaDbRepeatableReadTest.this::fresh);
        }
    }
}
