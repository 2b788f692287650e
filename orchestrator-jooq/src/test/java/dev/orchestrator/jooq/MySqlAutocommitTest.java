package dev.orchestrator.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Door;
import dev.orchestrator.testkit.MysqldExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server on which people switched autocommit off for everybody. */
class MySqlAutocommitTest {
    @RegisterExtension
    static final MysqldExtension SERVER = MysqldExtension.shared();

    @Test
    void whatIsWrittenIsCommittedWhateverTheServersDefaultIs() {
        try (MySqlTestBackend place = new MySqlTestBackend(SERVER.server(), SERVER.newSchema())) {
            try {
                SERVER.server().execute("SET GLOBAL autocommit = OFF");
                try (JooqBackend backend = place.open();
                        JooqBackend other = place.open()) {
                    backend.intents().setRecoveriesEnabled(false, new Actor("anne", Door.CLI, "n"));
                    assertThat(other.intents().read().recoveriesEnabled()).isFalse();
                    backend.intents().setRecoveriesEnabled(true, new Actor("anne", Door.CLI, "n"));
                    assertThat(other.intents().read().recoveriesEnabled())
                            .as("a second read on a connection that has read before")
                            .isTrue();
                }
            } finally {
                SERVER.server().execute("SET GLOBAL autocommit = ON");
            }
        }
    }
}
