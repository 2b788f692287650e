package dev.orchestrator.bench.drill;

import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a drill is done with.
 *
 * @param servers which servers
 * @param replicas how many replicas
 * @param semiSync whether commits wait for an acknowledgement
 * @param listen where the service listens, such as {@code 127.0.0.1:3000}
 */
public record DrillSetup(ServerPackage servers, int replicas, boolean semiSync, String listen) {
    ReplicationTopology startTopology() {
        ReplicationTopology.Builder builder =
                ReplicationTopology.primaryWithReplicas(replicas).on(servers);
        if (semiSync) {
            builder.semiSync(SemiSync.lossless());
        }
        return builder.start();
    }

    /** Writes the configuration of a service with the embedded backend and automatic recovery of every cluster. */
    Path writeConfiguration(Path directory) {
        String json = """
                {
                  "ListenAddress": "%s",
                  "BackendDB": "sqlite",
                  "SQLite3DataFile": "%s",
                  "MySQLTopologyUser": "orchestrator",
                  "MySQLTopologyPassword": "orch_topology",
                  "MySQLHostnameResolveMethod": "@@report_host",
                  "DiscoverByShowSlaveHosts": true,
                  "RecoverMasterClusterFilters": ["*"]
                }
                """.formatted(listen, directory.resolve("orchestrator.sqlite3"));
        Path file = directory.resolve("orchestrator.conf.json");
        try {
            return Files.writeString(file, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
