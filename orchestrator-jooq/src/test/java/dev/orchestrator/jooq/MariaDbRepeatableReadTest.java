package dev.orchestrator.jooq;

import dev.orchestrator.testkit.ServerPackage;

/** What nodes share, on MariaDB 10.11 under REPEATABLE READ. */
class MariaDbRepeatableReadTest extends SharedStateContracts {
    MariaDbRepeatableReadTest() {
        super(ServerPackage.MARIADB_10_11, "tx_isolation", "REPEATABLE-READ");
    }
}
