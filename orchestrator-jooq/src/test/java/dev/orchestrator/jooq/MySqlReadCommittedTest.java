package dev.orchestrator.jooq;

import dev.orchestrator.testkit.server.ServerPackage;

/** What nodes share, on MySQL 8.0 under READ COMMITTED. */
class MySqlReadCommittedTest extends SharedStateContracts {
    MySqlReadCommittedTest() {
        super(ServerPackage.MYSQL_8_0, "transaction_isolation", "READ-COMMITTED");
    }
}
