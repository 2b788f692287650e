package dev.orchestrator.standalone;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.HostnameResolver;
import dev.orchestrator.standalone.internal.names.CachingResolver;
import dev.orchestrator.standalone.internal.names.NameService;
import dev.orchestrator.standalone.settings.BackendSettings;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts backend and engine together. */
final class Assembly {
    private static final int MAX_POOL = 32;

    private Assembly() {}

    /**
     * What was put together.
     *
     * @param orchestrator the engine
     * @param backend its backend, which the engine leaves open
     */
    record Opened(Orchestrator orchestrator, Backend backend) implements AutoCloseable {
        @Override
        public void close() {
            orchestrator.close();
            backend.close();
        }
    }

    static Opened service(StandaloneSettings settings, String command) {
        return open(settings, command, JooqBackendOptions.Mode.POOLED);
    }

    static Opened command(StandaloneSettings settings, String command) {
        return open(settings, command, JooqBackendOptions.Mode.SINGLE);
    }

    private static Opened open(StandaloneSettings settings, String command, JooqBackendOptions.Mode mode) {
        JooqBackend backend = backend(settings.backend(), mode);
        try {
            OrchestratorEngine engine = OrchestratorEngine.builder()
                    .backend(backend)
                    .credentials(key -> settings.topologyCredentials())
                    .config(named(settings.engine()))
                    .hostnameResolver(resolver(settings))
                    .command(command)
                    .journalFolder(stateFolder())
                    .build();
            return new Opened(engine, backend);
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    private static JooqBackend backend(BackendSettings where, JooqBackendOptions.Mode mode) {
        JooqBackendOptions options = JooqBackendOptions.builder()
                .mode(mode)
                .poolSize(Math.min(where.limits().maxConnections(), MAX_POOL))
                .connectTimeout(where.limits().connectTimeout())
                .answerTimeout(where.limits().readTimeout())
                .schema(where.migrate() ? JooqBackendOptions.Schema.MIGRATE : JooqBackendOptions.Schema.REQUIRE)
                .build();
        if (where.kind() == BackendSettings.Kind.SQLITE) {
            return JooqBackend.sqlite(sqliteFile(where.sqliteFile()), options);
        }
        try {
            return JooqBackend.mysql(
                    MySqlBackendOptions.builder(new InstanceKey(where.host(), where.port()), where.database())
                            .login(
                                    where.credentials().user(),
                                    where.credentials().password())
                            .build(),
                    options);
        } catch (IllegalArgumentException e) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_CONFIGURATION, "the backend cannot be used: " + e.getMessage(), e);
        }
    }

    /** What the predecessor kept in memory only is a file here, too, but one that nobody finds again. */
    private static Path sqliteFile(String file) {
        if (!file.equals(":memory:")) {
            return Path.of(file);
        }
        try {
            Path folder = Files.createTempDirectory("orchestrator-");
            Path temporary = folder.resolve("orchestrator.sqlite3");
            List.of(folder, temporary, sibling(temporary, "-wal"), sibling(temporary, "-shm"))
                    .forEach(path -> path.toFile().deleteOnExit());
            return temporary;
        } catch (IOException e) {
            throw new OrchestratorException(
                    ErrorCode.BACKEND_UNAVAILABLE, "cannot make a temporary file for the backend: " + e, e);
        }
    }

    private static Path sibling(Path file, String suffix) {
        return Path.of(file + suffix);
    }

    private static OrchestratorConfig named(OrchestratorConfig config) {
        return config.nodeName().isEmpty()
                ? config.toBuilder().nodeName(hostname()).build()
                : config;
    }

    /** Of this user; where nothing can be made there, that for temporary files must do. */
    private static Path stateFolder() {
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state == null || state.isEmpty()
                ? Path.of(System.getProperty("user.home", "."), ".local", "state")
                : Path.of(state);
        Path folder = base.resolve("orchestrator");
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            return Path.of(System.getProperty("java.io.tmpdir", "."));
        }
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host without a name still has to be told from others in what is remembered.
            return "localhost";
        }
    }

    private static HostnameResolver resolver(StandaloneSettings settings) {
        return switch (settings.resolveMethod()) {
            case NONE, DEFAULT -> HostnameResolver.identity();
            case CNAME -> caching(NameService::canonicalName, settings);
            case IP -> caching(NameService::address, settings);
        };
    }

    private static HostnameResolver caching(CachingResolver.Lookup lookup, StandaloneSettings settings) {
        return new CachingResolver(lookup, settings.resolveExpiry(), settings.rejectedNames(), Ticker.system());
    }
}
