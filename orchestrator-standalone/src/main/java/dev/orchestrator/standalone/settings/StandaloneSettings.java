package dev.orchestrator.standalone.settings;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.channel.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everything a service or a command needs to know. Immutable; passwords never show. */
public final class StandaloneSettings {
    private final OrchestratorConfig engine;
    private final BackendSettings backend;
    private final Credentials topologyCredentials;
    private final ListenAddress listen;
    private final String urlPrefix;
    private final String statusEndpoint;
    private final List<String> allowedHosts;
    private final HostnameResolveMethod resolveMethod;
    private final Duration resolveExpiry;
    private final @Nullable Pattern rejectedNames;
    private final List<Pattern> problemIgnoreFilters;
    private final List<String> warnings;
    private final List<String> unknownKeys;
    private final List<Path> files;

    private StandaloneSettings(Builder b) {
        this.engine = b.engine;
        this.backend = Objects.requireNonNull(b.backend, "backend");
        this.topologyCredentials = b.topologyCredentials;
        this.listen = b.listen;
        this.urlPrefix = b.urlPrefix;
        this.statusEndpoint = b.statusEndpoint;
        this.allowedHosts = List.copyOf(b.allowedHosts);
        this.resolveMethod = b.resolveMethod;
        this.resolveExpiry = b.resolveExpiry;
        this.rejectedNames = b.rejectedNames;
        this.problemIgnoreFilters = List.copyOf(b.problemIgnoreFilters);
        this.warnings = List.copyOf(b.warnings);
        this.unknownKeys = List.copyOf(b.unknownKeys);
        this.files = List.copyOf(b.files);
    }

    /**
     * Starts new ones.
     *
     * @return a builder with the embedded defaults, but without a backend
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts from these.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return new Builder()
                .engine(engine)
                .backend(backend)
                .topologyCredentials(topologyCredentials)
                .listen(listen)
                .urlPrefix(urlPrefix)
                .statusEndpoint(statusEndpoint)
                .allowedHosts(allowedHosts)
                .resolving(resolveMethod, resolveExpiry, rejectedNames)
                .problemIgnoreFilters(problemIgnoreFilters)
                .origin(files, warnings, unknownKeys);
    }

    /**
     * The settings of the engine.
     *
     * @return the engine's configuration
     */
    public OrchestratorConfig engine() {
        return engine;
    }

    /**
     * The backend.
     *
     * @return which and where
     */
    public BackendSettings backend() {
        return backend;
    }

    /**
     * The account on monitored servers.
     *
     * @return the account; an empty user when none is configured
     */
    public Credentials topologyCredentials() {
        return topologyCredentials;
    }

    /**
     * Where the HTTP service listens.
     *
     * @return the address
     */
    public ListenAddress listen() {
        return listen;
    }

    /**
     * What every path of the HTTP service begins with.
     *
     * @return empty, or a path with a leading and without a trailing slash
     */
    public String urlPrefix() {
        return urlPrefix;
    }

    /**
     * The path of the status check; another one than {@code /api/status} stands outside the prefix.
     *
     * @return the path
     */
    public String statusEndpoint() {
        return statusEndpoint;
    }

    /**
     * Further host names under which orders are accepted over HTTP.
     *
     * @return the names; {@code *} for any
     */
    public List<String> allowedHosts() {
        return allowedHosts;
    }

    /**
     * All that concerns the HTTP API and the web page.
     *
     * @return the address, paths, names and filters of these settings
     */
    public HttpSettings http() {
        return new HttpSettings(listen, urlPrefix, statusEndpoint, allowedHosts, problemIgnoreFilters);
    }

    /**
     * How host names are resolved.
     *
     * @return the method
     */
    public HostnameResolveMethod resolveMethod() {
        return resolveMethod;
    }

    /**
     * How long a resolved name is remembered.
     *
     * @return the time
     */
    public Duration resolveExpiry() {
        return resolveExpiry;
    }

    /**
     * Names that must not come out of resolving.
     *
     * @return a pattern to find in the name, null for none
     */
    public @Nullable Pattern rejectedNames() {
        return rejectedNames;
    }

    /**
     * Instances left out of the list of problems.
     *
     * @return patterns to find in {@code host:port}
     */
    public List<Pattern> problemIgnoreFilters() {
        return problemIgnoreFilters;
    }

    /**
     * What is doubtful about the configuration, one sentence each: for the log, once.
     *
     * @return the warnings
     */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Those of the warnings that speak of keys that nobody knows. Most other warnings concern services only; these may be
     * a slip in a key that anybody needs.
     *
     * @return the warnings
     */
    public List<String> unknownKeys() {
        return unknownKeys;
    }

    /**
     * The files that were read.
     *
     * @return in order; empty for the embedded default
     */
    public List<Path> files() {
        return files;
    }

    @Override
    public String toString() {
        return "settings from " + (files.isEmpty() ? "no file" : files) + ": " + backend.describe() + ", HTTP on "
                + listen;
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private OrchestratorConfig engine = OrchestratorConfig.builder().build();
        private @Nullable BackendSettings backend;
        private Credentials topologyCredentials = new Credentials("", "");
        private ListenAddress listen = new ListenAddress("127.0.0.1", 3000);
        private String urlPrefix = "";
        private String statusEndpoint = "/api/status";
        private List<String> allowedHosts = List.of();
        private HostnameResolveMethod resolveMethod = HostnameResolveMethod.DEFAULT;
        private Duration resolveExpiry = Duration.ofMinutes(60);
        private @Nullable Pattern rejectedNames;
        private List<Pattern> problemIgnoreFilters = List.of();
        private List<String> warnings = List.of();
        private List<String> unknownKeys = List.of();
        private List<Path> files = List.of();

        private Builder() {}

        /**
         * Sets the engine's configuration.
         *
         * @param value the configuration
         * @return this
         */
        public Builder engine(OrchestratorConfig value) {
            this.engine = value;
            return this;
        }

        /**
         * Sets the backend.
         *
         * @param value which and where
         * @return this
         */
        public Builder backend(BackendSettings value) {
            this.backend = value;
            return this;
        }

        /**
         * Sets the account on monitored servers.
         *
         * @param value the account
         * @return this
         */
        public Builder topologyCredentials(Credentials value) {
            this.topologyCredentials = value;
            return this;
        }

        /**
         * Sets where the HTTP service listens.
         *
         * @param value the address
         * @return this
         */
        public Builder listen(ListenAddress value) {
            this.listen = value;
            return this;
        }

        /**
         * Sets what every path begins with.
         *
         * @param value empty, or a path with a leading and without a trailing slash
         * @return this
         */
        public Builder urlPrefix(String value) {
            this.urlPrefix = value;
            return this;
        }

        /**
         * Sets the path of the status check.
         *
         * @param value the path
         * @return this
         */
        public Builder statusEndpoint(String value) {
            this.statusEndpoint = value;
            return this;
        }

        /**
         * Sets the further host names under which orders are accepted.
         *
         * @param value the names
         * @return this
         */
        public Builder allowedHosts(List<String> value) {
            this.allowedHosts = value;
            return this;
        }

        /**
         * Sets how host names are resolved.
         *
         * @param method the method
         * @param expiry how long a resolved name is remembered
         * @param rejected names that must not come out, null for none
         * @return this
         */
        public Builder resolving(HostnameResolveMethod method, Duration expiry, @Nullable Pattern rejected) {
            this.resolveMethod = method;
            this.resolveExpiry = expiry;
            this.rejectedNames = rejected;
            return this;
        }

        /**
         * Sets which instances are left out of the list of problems.
         *
         * @param value patterns
         * @return this
         */
        public Builder problemIgnoreFilters(List<Pattern> value) {
            this.problemIgnoreFilters = value;
            return this;
        }

        /**
         * Sets where the settings come from.
         *
         * @param read the files
         * @param doubts what is doubtful about them
         * @param unknown those of the doubts that speak of keys that nobody knows
         * @return this
         */
        public Builder origin(List<Path> read, List<String> doubts, List<String> unknown) {
            this.files = read;
            this.warnings = doubts;
            this.unknownKeys = unknown;
            return this;
        }

        /**
         * Finishes.
         *
         * @return immutable settings
         */
        public StandaloneSettings build() {
            return new StandaloneSettings(this);
        }
    }
}
