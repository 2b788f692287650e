package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.testkit.DatabaseServer;
import java.nio.file.Path;
import java.util.List;

/**
 * A backend that several processes open, as words that can be handed to another process.
 *
 * @param words a file, or the port of a server of the testkit, a schema and session variables
 */
record ElectionPlace(List<String> words) {
    static ElectionPlace file(Path file) {
        return new ElectionPlace(List.of(file.toString()));
    }

    static ElectionPlace server(DatabaseServer server, String schema, String sessionVariables) {
        return new ElectionPlace(List.of(Integer.toString(server.port()), schema, sessionVariables));
    }

    JooqBackend open() {
        if (words.size() == 1) {
            return JooqBackend.sqlite(Path.of(words.get(0)), JooqBackendOptions.forService());
        }
        return JooqBackend.mysql(
                MySqlBackendOptions.builder(new InstanceKey("127.0.0.1", Integer.parseInt(words.get(0))), words.get(1))
                        .login(DatabaseServer.ROOT_USER, DatabaseServer.ROOT_PASSWORD)
                        .sslMode(MySqlBackendOptions.SslMode.DISABLED)
                        .property("sessionVariables", words.get(2))
                        .build(),
                JooqBackendOptions.forService());
    }
}
