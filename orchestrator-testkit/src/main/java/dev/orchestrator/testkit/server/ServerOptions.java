package dev.orchestrator.testkit.server;

import static java.util.Objects.requireNonNull;

import dev.orchestrator.testkit.DatabaseServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server is started with. Immutable; {@link #of} gives the defaults: binary log on, GTIDs on, writable,
 * performance_schema small, not durable against a crash of the machine (it is against a crash of the server).
 */
public final class ServerOptions {
    private final ServerPackage serverPackage;
    private final List<String> lines;
    private final PerformanceSchema performanceSchema;
    private final boolean readOnly;
    private final boolean gtid;
    private final boolean durable;
    private final boolean generalLog;
    private final @Nullable Duration replicaNetTimeout;
    private final @Nullable SemiSync semiSync;
    private final boolean semiSyncReplica;

    private ServerOptions(Builder b) {
        this.serverPackage = b.serverPackage;
        this.lines = List.copyOf(b.lines);
        this.performanceSchema = b.performanceSchema;
        this.readOnly = b.readOnly;
        this.gtid = b.gtid;
        this.durable = b.durable;
        this.generalLog = b.generalLog;
        this.replicaNetTimeout = b.replicaNetTimeout;
        this.semiSync = b.semiSync;
        this.semiSyncReplica = b.semiSyncReplica;
        if (semiSync != null && !serverPackage.hasSemiSync()) {
            throw new TestkitException(serverPackage.id() + " has no semi-sync plugin; use "
                    + ServerPackage.MYSQL_9.id() + " or " + ServerPackage.MARIADB_10_11.id());
        }
    }

    /** The defaults for a server of that package. */
    public static ServerOptions of(ServerPackage serverPackage) {
        return new Builder(serverPackage).build();
    }

    /** A builder that starts from the defaults. */
    public static Builder builder(ServerPackage serverPackage) {
        return new Builder(serverPackage);
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        Builder b = new Builder(serverPackage);
        b.lines.addAll(lines);
        b.performanceSchema = performanceSchema;
        b.readOnly = readOnly;
        b.gtid = gtid;
        b.durable = durable;
        b.generalLog = generalLog;
        b.replicaNetTimeout = replicaNetTimeout;
        b.semiSync = semiSync;
        b.semiSyncReplica = semiSyncReplica;
        return b;
    }

    /** Which server. */
    public ServerPackage serverPackage() {
        return serverPackage;
    }

    /** Lines for the {@code [mysqld]} section that come after ours and so win. */
    public List<String> lines() {
        return lines;
    }

    /** How much of performance_schema is kept. */
    public PerformanceSchema performanceSchema() {
        return performanceSchema;
    }

    /** Whether the server starts with read_only, and super_read_only where it exists. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Whether gtid_mode is on; without meaning for MariaDB, which always has GTIDs. */
    public boolean gtid() {
        return gtid;
    }

    /** Whether every commit is flushed to the disk. */
    public boolean durable() {
        return durable;
    }

    /** Whether the server writes every statement into {@link DatabaseServer#generalLog()}. */
    public boolean generalLog() {
        return generalLog;
    }

    /** replica_net_timeout; empty: the server's own default of 60 s. */
    public Optional<Duration> replicaNetTimeout() {
        return Optional.ofNullable(replicaNetTimeout);
    }

    /** Semi-sync settings; empty: the plugins are not loaded. */
    public Optional<SemiSync> semiSync() {
        return Optional.ofNullable(semiSync);
    }

    /** True when the server starts with the replica's side of semi-sync enabled, false for the primary's side. */
    public boolean semiSyncReplica() {
        return semiSyncReplica;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final List<String> lines = new ArrayList<>();
        private ServerPackage serverPackage;
        private PerformanceSchema performanceSchema = PerformanceSchema.SMALL;
        private boolean readOnly;
        private boolean gtid = true;
        private boolean durable;
        private boolean generalLog;
        private @Nullable Duration replicaNetTimeout;
        private @Nullable SemiSync semiSync;
        private boolean semiSyncReplica;

        private Builder(ServerPackage serverPackage) {
            this.serverPackage = requireNonNull(serverPackage, "serverPackage");
        }

        /** Chooses another server and keeps everything else. */
        public Builder serverPackage(ServerPackage value) {
            this.serverPackage = requireNonNull(value, "serverPackage");
            return this;
        }

        /** Adds a line to the {@code [mysqld]} section, for example {@code max_connections = 500}. */
        public Builder line(String myCnfLine) {
            lines.add(requireNonNull(myCnfLine, "myCnfLine"));
            return this;
        }

        /** See {@link ServerOptions#performanceSchema()}. */
        public Builder performanceSchema(PerformanceSchema value) {
            this.performanceSchema = requireNonNull(value, "performanceSchema");
            return this;
        }

        /** See {@link ServerOptions#readOnly()}. */
        public Builder readOnly(boolean value) {
            this.readOnly = value;
            return this;
        }

        /** See {@link ServerOptions#gtid()}. */
        public Builder gtid(boolean value) {
            this.gtid = value;
            return this;
        }

        /** See {@link ServerOptions#durable()}. */
        public Builder durable(boolean value) {
            this.durable = value;
            return this;
        }

        /** See {@link ServerOptions#generalLog()}. */
        public Builder generalLog(boolean value) {
            this.generalLog = value;
            return this;
        }

        /** Sets replica_net_timeout; whole seconds, at least one. */
        public Builder replicaNetTimeout(Duration value) {
            if (value.toSeconds() < 1) {
                throw new IllegalArgumentException(
                        "replica_net_timeout is counted in whole seconds, at least 1: " + value);
            }
            this.replicaNetTimeout = value;
            return this;
        }

        /** Loads semi-sync, with the primary's side enabled, or the replica's when {@code asReplica}. */
        public Builder semiSync(SemiSync value, boolean asReplica) {
            this.semiSync = requireNonNull(value, "semiSync");
            this.semiSyncReplica = asReplica;
            return this;
        }

        /**
         * The options.
         *
         * @throws TestkitException when the server package cannot do what is asked
         */
        public ServerOptions build() {
            return new ServerOptions(this);
        }
    }
}
