package dev.orchestrator.engine;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.CredentialsProvider;
import dev.orchestrator.spi.host.HostnameResolver;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What an embedder gave.
 *
 * @param backend where everything is remembered
 * @param gateway the way to the servers, null for the built-in one
 * @param credentials the accounts of the built-in gateway, null when another one is given
 * @param config the settings
 * @param hostnameResolver how names are resolved
 * @param ticker monotonic time
 * @param clock the time of day
 * @param command what this process is
 * @param journalFolder where a journal is kept while the backend is away
 */
record EngineInputs(
        Backend backend,
        @Nullable InstanceGateway gateway,
        @Nullable CredentialsProvider credentials,
        OrchestratorConfig config,
        HostnameResolver hostnameResolver,
        Ticker ticker,
        InstantSource clock,
        String command,
        Path journalFolder) {}
