package dev.orchestrator.examples.embed;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.spi.Backend;
import java.nio.file.Path;
import java.util.List;

/**
 * Watches the topology of one server and recovers its clusters, until Enter is pressed. The account is taken from the
 * environment: {@code TOPOLOGY_USER} and {@code TOPOLOGY_PASSWORD}.
 */
public final class Embedding {
    private Embedding() {}

    /**
     * Runs it.
     *
     * @param args a server of the topology, {@code host:port}
     * @throws java.io.IOException when the terminal cannot be read
     */
    public static void main(String[] args) throws java.io.IOException {
        Credentials account = new Credentials(System.getenv("TOPOLOGY_USER"), System.getenv("TOPOLOGY_PASSWORD"));
        OrchestratorConfig config = OrchestratorConfig.builder()
                .primaryRecoveryFilters(List.of("*"))
                .build();
        try (Backend backend = JooqBackend.sqlite(Path.of("orchestrator.sqlite3"), JooqBackendOptions.forService());
                Orchestrator orchestrator = OrchestratorEngine.builder()
                        .backend(backend)
                        .credentials(server -> account)
                        .config(config)
                        .build()) {
            orchestrator.addListener(System.out::println);
            orchestrator.start();
            orchestrator.discover(InstanceKey.parse(args[0]), new Actor("me", Origin.API, "here"));
            System.out.println(orchestrator.cluster(args[0]).primary());
            System.in.read();
        }
    }
}
