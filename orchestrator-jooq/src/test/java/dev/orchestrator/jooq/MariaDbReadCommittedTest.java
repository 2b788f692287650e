package dev.orchestrator.jooq;

import dev.orchestrator.testkit.server.ServerPackage;

/** What nodes share, on MariaDB 10.11 under READ COMMITTED. */
class MariaDbReadCommittedTest extends SharedStateContracts {
    MariaDbReadCommittedTest() {
        super(ServerPackage.MARIADB_10_11, "tx_isolation", "READ-COMMITTED");
    }
}
