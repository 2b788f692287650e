package dev.orchestrator.examples.tool;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the tool needs to know. Passwords are in types that never show them.
 *
 * @param node what this host is called; each host of the tool needs another name
 * @param backend the backend that all hosts share
 * @param account the account on the watched servers
 * @param seeds a server of each cluster; the others are found from there
 * @param besideService whether a service that recovers has the same backend
 * @param interval the pause between two rounds
 */
record ToolSettings(
        String node,
        MySqlBackendOptions backend,
        Credentials account,
        List<InstanceKey> seeds,
        boolean besideService,
        Duration interval) {
    /** Copies the seeds. */
    ToolSettings {
        seeds = List.copyOf(seeds);
    }

    /**
     * Reads them from environment variables, which are the place for secrets, too.
     *
     * @param environment {@code NODE}, {@code BACKEND} and {@code SEEDS} as {@code host:port}, the latter with commas,
     *     {@code BACKEND_USER}, {@code BACKEND_PASSWORD}, {@code TOPOLOGY_USER}, {@code TOPOLOGY_PASSWORD}; optional are
     *     {@code BACKEND_SCHEMA}, {@code BESIDE_SERVICE} and {@code INTERVAL_SECONDS}
     * @return the settings
     * @throws OrchestratorException with {@code INVALID_CONFIGURATION}, naming the variable that is missing
     */
    static ToolSettings of(Map<String, String> environment) {
        return new ToolSettings(
                required(environment, "NODE"),
                MySqlBackendOptions.builder(
                                InstanceKey.parse(required(environment, "BACKEND")),
                                environment.getOrDefault("BACKEND_SCHEMA", "orchestrator"))
                        .login(required(environment, "BACKEND_USER"), required(environment, "BACKEND_PASSWORD"))
                        .build(),
                new Credentials(required(environment, "TOPOLOGY_USER"), required(environment, "TOPOLOGY_PASSWORD")),
                Arrays.stream(required(environment, "SEEDS").split(",", -1))
                        .map(InstanceKey::parse)
                        .toList(),
                Boolean.parseBoolean(environment.getOrDefault("BESIDE_SERVICE", "false")),
                Duration.ofSeconds(Long.parseLong(environment.getOrDefault("INTERVAL_SECONDS", "60"))));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_CONFIGURATION, "the environment variable " + name + " is not set; set it");
        }
        return value;
    }
}
