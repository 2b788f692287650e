package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.config.OrchestratorConfig;
import java.time.Duration;
import java.util.Objects;

/**
 * How the gateway talks to monitored servers.
 *
 * @param programName what our statements call themselves in their comments; letters, digits, dots and dashes
 * @param connectTimeout how long a connection may take to be made, login included
 * @param sentinelWait how long one wait of a sentinel lasts; with one second a freeze has two missed waits within 2.5 s
 * @param discoverByShowReplicas whether the replicas a server registered are asked for, beside its process list
 * @param detectionQueries the operator's own queries
 * @param tls whether connections are encrypted
 */
public record GatewayOptions(
        String programName,
        Duration connectTimeout,
        Duration sentinelWait,
        boolean discoverByShowReplicas,
        DetectionQueries detectionQueries,
        Tls tls) {
    /** Whether connections are encrypted. A password never travels in the clear: without TLS it is sent RSA encrypted or as a hash. */
    public enum Tls {
        /** Never. Logging in takes a few milliseconds. */
        DISABLED,
        /** Where the server offers it. Logging in takes tens of milliseconds. */
        PREFERRED,
        /** Always; a server without it is not reached. */
        REQUIRED
    }

    /** Checks the name, which becomes part of SQL text. */
    public GatewayOptions {
        Objects.requireNonNull(connectTimeout, "connectTimeout");
        Objects.requireNonNull(sentinelWait, "sentinelWait");
        Objects.requireNonNull(detectionQueries, "detectionQueries");
        Objects.requireNonNull(tls, "tls");
        if (!programName.matches("[A-Za-z0-9._-]{1,40}")) {
            throw new IllegalArgumentException("not a program name: '" + programName + "'");
        }
        if (connectTimeout.toMillis() < 1 || sentinelWait.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "timeouts must be positive: connect " + connectTimeout + ", sentinel " + sentinelWait);
        }
    }

    /**
     * The options that follow from the configuration.
     *
     * @param config the configuration
     * @return options without TLS
     */
    public static GatewayOptions of(OrchestratorConfig config) {
        return new GatewayOptions(
                "orchestrator",
                config.connectTimeout(),
                config.sentinelWait(),
                config.discoverByShowReplicas(),
                config.detectionQueries(),
                Tls.DISABLED);
    }
}
