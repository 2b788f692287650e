package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.testkit.MysqldExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What our connections set whatever the server's own defaults are. */
class MySqlSessionTest {
    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.shared();

    @Test
    void whatIsWrittenIsCommittedWhateverTheServersDefaultIs() {
        try (MySqlTestBackend place = new MySqlTestBackend(SERVER.server(), SERVER.newSchema())) {
            try {
                SERVER.server().execute("SET GLOBAL autocommit = OFF");
                try (JooqBackend backend = place.open();
                        JooqBackend other = place.open()) {
                    backend.intents().setRecoveriesEnabled(false, new Actor("anne", Origin.CLI, "n"));
                    assertThat(other.intents().read().recoveriesEnabled()).isFalse();
                    backend.intents().setRecoveriesEnabled(true, new Actor("anne", Origin.CLI, "n"));
                    assertThat(other.intents().read().recoveriesEnabled())
                            .as("a second read on a connection that has read before")
                            .isTrue();
                }
            } finally {
                SERVER.server().execute("SET GLOBAL autocommit = ON");
            }
        }
    }

    @Test
    void aProcessThatStandsStillInATransactionDoesNotHoldItsLocksForHours() {
        String schema = SERVER.newSchema();
        try (MySqlTestBackend place = new MySqlTestBackend(SERVER.server(), schema);
                JooqBackend backend = place.open()) {
            backend.intents().read();
            assertThat(ofConnectionsTo(schema, "wait_timeout")).containsOnly("60");
            assertThat(ofConnectionsTo(schema, "innodb_lock_wait_timeout"))
                    .allSatisfy(seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 49));
        }
    }

    private static List<String> ofConnectionsTo(String schema, String variable) {
        return SERVER
                .server()
                .query("SELECT v.variable_value AS v FROM performance_schema.variables_by_thread v"
                        + " JOIN performance_schema.threads t USING (thread_id)"
                        + " WHERE t.processlist_db = '" + schema + "'"
                        + " AND v.variable_name = '" + variable + "'")
                .stream()
                .map(row -> row.get("v"))
                .toList();
    }
}
