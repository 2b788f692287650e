package dev.orchestrator.bench.series;

import dev.orchestrator.testkit.DatabaseServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration file of one process of a series. */
final class Configuration {
    private final Map<String, Object> keys = new LinkedHashMap<>();

    Configuration(String node, Map<String, Object> backend) {
        keys.put("NodeName", node);
        keys.putAll(backend);
        topologyUser(DatabaseServer.ORCHESTRATOR_USER);
        keys.put("MySQLHostnameResolveMethod", "@@report_host");
        keys.put("DiscoverByShowSlaveHosts", true);
    }

    Configuration topologyUser(String user) {
        keys.put("MySQLTopologyUser", user);
        keys.put("MySQLTopologyPassword", DatabaseServer.ORCHESTRATOR_PASSWORD);
        return this;
    }

    Configuration listen(int port) {
        keys.put("ListenAddress", "127.0.0.1:" + port);
        return this;
    }

    Configuration lease(Duration ttl) {
        keys.put("LeaderLeaseMilliseconds", ttl.toMillis());
        return this;
    }

    String json() {
        return keys.entrySet().stream()
                .map(e -> "  \"" + e.getKey() + "\": "
                        + (e.getValue() instanceof String s ? '"' + s + '"' : e.getValue()))
                .collect(Collectors.joining(",\n", "{\n", ",\n  \"RecoverMasterClusterFilters\": [\"*\"]\n}\n"));
    }
}
