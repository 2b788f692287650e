package dev.orchestrator.testkit;

import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Servers that replicate from each other. Replicas are read-only (super_read_only where it exists), replicate by GTID and
 * have received and applied a row of the primary when {@link Builder#start()} returns.
 *
 * <pre>{@code
 * try (ReplicationTopology topology = ReplicationTopology.primaryWithReplicas(3).start()) {
 *     topology.primary().kill9();
 * }
 * }</pre>
 */
public final class ReplicationTopology implements AutoCloseable {
    /** The place of a server without a source in {@link #tree}. */
    public static final int NO_SOURCE = -1;

    private final List<DatabaseServer> servers;
    private final int[] sources;

    private ReplicationTopology(List<DatabaseServer> servers, int[] sources) {
        this.servers = List.copyOf(servers);
        this.sources = sources;
    }

    /** A primary, server 0, and {@code replicas} servers that replicate from it. */
    public static Builder primaryWithReplicas(int replicas) {
        return tree(new int[replicas + 1], NO_SOURCE);
    }

    /** Server 0 is the primary and each other server replicates from the one before it. */
    public static Builder chain(int servers) {
        int[] sources = new int[servers];
        Arrays.setAll(sources, i -> i - 1);
        return tree(sources, NO_SOURCE);
    }

    /** Servers 0 and 1 replicate from each other, 1 is read-only, and {@code replicas} servers replicate from 0. */
    public static Builder coPrimaries(int replicas) {
        return tree(new int[replicas + 2], 1);
    }

    /** Server {@code i} replicates from server {@code sources[i]}, or from none where that is {@link #NO_SOURCE}. */
    public static Builder tree(int... sources) {
        return new Builder(sources.clone());
    }

    private static Builder tree(int[] sources, int sourceOfFirst) {
        sources[0] = sourceOfFirst;
        return new Builder(sources);
    }

    /** All servers, in the order of their numbers. */
    public List<DatabaseServer> servers() {
        return servers;
    }

    /** Server {@code index}. */
    public DatabaseServer server(int index) {
        return servers.get(index);
    }

    /** Server 0. */
    public DatabaseServer primary() {
        return servers.get(0);
    }

    /** All servers but server 0. */
    public List<DatabaseServer> replicas() {
        return servers.subList(1, servers.size());
    }

    /** The server that this one replicated from when the topology was started. */
    public Optional<DatabaseServer> sourceOf(int index) {
        return sources[index] == NO_SOURCE ? Optional.empty() : Optional.of(servers.get(sources[index]));
    }

    /**
     * Waits until every server that replicates from it, directly or not, has applied what the primary has executed now.
     * Without GTIDs it finds that out by a row that it writes on the primary.
     *
     * @throws TestkitException when that takes longer than {@code limit}; it names the replica and its errors
     */
    public void awaitReplication(Duration limit) {
        TopologyStarter.awaitReplication(servers, sources, limit);
    }

    /** Kills all servers and removes their folders. Idempotent. */
    @Override
    public void close() {
        TopologyStarter.closeAll(servers);
    }

    /** Says what a topology is made of. Not thread-safe. */
    public static final class Builder {
        private final int[] sources;
        private final List<Consumer<ServerOptions.Builder>> forAll = new ArrayList<>();
        private final List<List<Consumer<ServerOptions.Builder>>> forOne = new ArrayList<>();
        private ServerPackage serverPackage = ServerPackage.MYSQL_8_0;
        private @Nullable SemiSync semiSync;
        private boolean readOnlyReplicas = true;

        private Builder(int[] sources) {
            if (sources.length == 0) {
                throw new IllegalArgumentException("a topology needs at least one server");
            }
            for (int i = 0; i < sources.length; i++) {
                if (sources[i] < NO_SOURCE || sources[i] >= sources.length || sources[i] == i) {
                    throw new IllegalArgumentException("server " + i + " cannot replicate from server " + sources[i]);
                }
                forOne.add(new ArrayList<>());
            }
            this.sources = sources;
        }

        /** Which server; 8.0 unless said otherwise. A single server can differ: {@link #server}. */
        public Builder on(ServerPackage value) {
            this.serverPackage = value;
            return this;
        }

        /** Changes the options of every server. */
        public Builder options(Consumer<ServerOptions.Builder> change) {
            forAll.add(change);
            return this;
        }

        /** Changes the options of one server, after those for every server. */
        public Builder server(int index, Consumer<ServerOptions.Builder> change) {
            forOne.get(index).add(change);
            return this;
        }

        /** Semi-sync with the primary's side on server 0 and the replica's side on all others; 9.x and MariaDB only. */
        public Builder semiSync(SemiSync value) {
            this.semiSync = value;
            return this;
        }

        /** Whether replicas are read-only; they are by default. */
        public Builder readOnlyReplicas(boolean value) {
            this.readOnlyReplicas = value;
            return this;
        }

        /** The packages that are needed, each once. */
        public Set<ServerPackage> serverPackages() {
            Set<ServerPackage> packages = EnumSet.noneOf(ServerPackage.class);
            for (int i = 0; i < sources.length; i++) {
                packages.add(optionsOf(i).serverPackage());
            }
            return packages;
        }

        /**
         * Starts all servers side by side, then replication, and returns when a row of server 0 is on every server that
         * replicates from it, directly or not.
         *
         * @throws TestkitException when something does not start; nothing is left running then
         */
        public ReplicationTopology start() {
            List<ServerOptions> all = new ArrayList<>();
            for (int i = 0; i < sources.length; i++) {
                all.add(optionsOf(i));
            }
            return new ReplicationTopology(TopologyStarter.start(all, sources), sources);
        }

        private ServerOptions optionsOf(int index) {
            ServerOptions.Builder options = ServerOptions.builder(serverPackage);
            options.readOnly(index > 0 && readOnlyReplicas);
            if (semiSync != null) {
                options.semiSync(semiSync, index > 0);
            }
            forAll.forEach(change -> change.accept(options));
            forOne.get(index).forEach(change -> change.accept(options));
            return options.build();
        }
    }
}
