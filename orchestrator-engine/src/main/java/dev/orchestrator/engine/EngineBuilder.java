package dev.orchestrator.engine;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.CredentialsProvider;
import dev.orchestrator.spi.host.HostnameResolver;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts an {@link OrchestratorEngine} together. Whatever is given to it stays the caller's, and is not closed by the
 * engine. Not thread-safe.
 */
public final class EngineBuilder {
    private @Nullable Backend backend;
    private @Nullable InstanceGateway gateway;
    private @Nullable CredentialsProvider credentials;
    private OrchestratorConfig config = OrchestratorConfig.builder().build();
    private HostnameResolver hostnameResolver = HostnameResolver.identity();
    private Ticker ticker = Ticker.system();
    private InstantSource clock = InstantSource.system();
    private String command = "embedded";
    private Path journalFolder = Path.of(System.getProperty("java.io.tmpdir", "."));

    EngineBuilder() {}

    /**
     * Sets where everything is remembered. Required.
     *
     * @param value the backend, shared by all nodes
     * @return this
     */
    public EngineBuilder backend(Backend value) {
        backend = Objects.requireNonNull(value, "backend");
        return this;
    }

    /**
     * Sets the way to the monitored servers, in place of the built-in one for MySQL and MariaDB.
     *
     * @param value the gateway
     * @return this
     */
    public EngineBuilder gateway(InstanceGateway value) {
        gateway = Objects.requireNonNull(value, "gateway");
        return this;
    }

    /**
     * Sets the accounts by which monitored servers are polled and commanded. Required unless a gateway is given.
     *
     * @param value asked at every new connection
     * @return this
     */
    public EngineBuilder credentials(CredentialsProvider value) {
        credentials = Objects.requireNonNull(value, "credentials");
        return this;
    }

    /**
     * Sets the settings.
     *
     * @param value the settings; the defaults when not called
     * @return this
     */
    public EngineBuilder config(OrchestratorConfig value) {
        config = Objects.requireNonNull(value, "config");
        return this;
    }

    /**
     * Sets how host names are turned into those that the fleet uses.
     *
     * @param value the resolver; names are kept as they are when not called
     * @return this
     */
    public EngineBuilder hostnameResolver(HostnameResolver value) {
        hostnameResolver = Objects.requireNonNull(value, "hostnameResolver");
        return this;
    }

    /**
     * Sets the monotonic time that durations and deadlines are measured by.
     *
     * @param value the ticker; the JVM's when not called
     * @return this
     */
    public EngineBuilder ticker(Ticker value) {
        ticker = Objects.requireNonNull(value, "ticker");
        return this;
    }

    /**
     * Sets the time of day that things are stamped with.
     *
     * @param value the clock; the machine's when not called
     * @return this
     */
    public EngineBuilder clock(InstantSource value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Sets what this process is, for the list of nodes.
     *
     * @param value such as {@code http} or the name of a command; {@code embedded} when not called
     * @return this
     */
    public EngineBuilder command(String value) {
        command = Objects.requireNonNull(value, "command");
        return this;
    }

    /**
     * Sets where a journal is kept while the primary that the backend itself lives on is being replaced.
     *
     * @param value a folder, made when it is missing; the JVM's folder for temporary files when not called
     * @return this
     */
    public EngineBuilder journalFolder(Path value) {
        journalFolder = Objects.requireNonNull(value, "journalFolder");
        return this;
    }

    /**
     * Puts it together. Nothing is started, and nothing is asked of backend and servers.
     *
     * @return the engine; to be closed
     * @throws OrchestratorException with {@code INVALID_CONFIGURATION} when something required is missing or does not
     *     fit
     */
    public OrchestratorEngine build() {
        if (backend == null) {
            throw missing("a backend; call backend(..)");
        }
        if (gateway == null && credentials == null) {
            throw missing("a way to the servers; call credentials(..) or gateway(..)");
        }
        return new OrchestratorEngine(new EngineInputs(
                backend, gateway, credentials, config, hostnameResolver, ticker, clock, command, journalFolder));
    }

    private static OrchestratorException missing(String what) {
        return new OrchestratorException(ErrorCode.INVALID_CONFIGURATION, "an orchestrator needs " + what);
    }
}
