package dev.orchestrator.bench.series;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.bench.process.ServiceProcess;
import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.ReplicationTopology;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A primary and two replicas under the services' eyes; each server keeps a log of every statement it was given. */
final class WatchedTopology implements AutoCloseable {
    private static final int REPLICAS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** How long a second recovery has to show itself. */
    private static final Duration SECOND_THOUGHTS = Duration.ofSeconds(2);

    private final ReplicationTopology topology;
    private final List<Connection> eyes = new ArrayList<>();

    private WatchedTopology(ReplicationTopology topology) {
        this.topology = topology;
    }

    /** Starts one, with further accounts that may do everything. */
    static WatchedTopology start(List<String> accounts) {
        ReplicationTopology servers = ReplicationTopology.primaryWithReplicas(REPLICAS)
                .options(o -> o.generalLog(true))
                .start();
        for (String account : accounts) {
            servers.primary()
                    .execute(
                            "CREATE USER '" + account + "'@'%' IDENTIFIED WITH mysql_native_password BY '"
                                    + DatabaseServer.ORCHESTRATOR_PASSWORD + "'",
                            "GRANT ALL ON *.* TO '" + account + "'@'%'");
        }
        servers.awaitReplication(PATIENCE);
        WatchedTopology watched = new WatchedTopology(servers);
        servers.replicas().forEach(r -> watched.eyes.add(r.connect()));
        return watched;
    }

    /**
     * How a dead primary was replaced.
     *
     * @param after from the kill until a replica was seen writable
     * @param successor the one
     * @param recoveries how many recoveries of it the backend has
     * @param successful how many of them were successful: one that was cut short is taken up anew by the next leader
     * @param writable how many of the replicas are writable in the end
     * @param following how many replicate from the successor in the end
     */
    record Replacement(
            Duration after, InstanceKey successor, int recoveries, int successful, int writable, int following) {
        /** Whether there was one recovery and all is well on the servers. */
        boolean exactlyOne() {
            return recoveries == 1 && oneSucceeded();
        }

        /** The same, where the leader may have been lost in the middle of one. */
        boolean oneSucceeded() {
            return successful == 1 && writable == 1 && following == REPLICAS - 1;
        }
    }

    List<DatabaseServer> servers() {
        return topology.servers();
    }

    DatabaseServer primary() {
        return topology.primary();
    }

    /** Has a service discover it, and waits until the backend shows all servers as read lately. */
    void discoverThrough(Supplier<ServiceProcess> service, StandaloneOrchestrator onlooker) {
        InstanceKey seed = topology.replicas().get(0).key();
        Waiting.until("the topology is known", PATIENCE, () -> {
            service.get().status("api/discover/" + seed.hostname() + "/" + seed.port(), Duration.ofSeconds(10));
            return known(onlooker);
        });
    }

    private boolean known(StandaloneOrchestrator onlooker) {
        try {
            return topology.servers().stream()
                            .filter(s -> onlooker.orchestrator()
                                    .fleet()
                                    .member(s.key())
                                    .filter(m -> m.isReachable())
                                    .isPresent())
                            .count()
                    == topology.servers().size();
        } catch (OrchestratorException e) {
            // The backend may be in trouble at present.
            return false;
        }
    }

    void killPrimary() {
        topology.primary().kill9();
    }

    /** Waits until a replica is writable, by looking at the replicas themselves. */
    Replacement awaitReplacement(long begin) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            for (int i = 0; i < eyes.size(); i++) {
                if (isWritable(eyes.get(i))) {
                    Duration after = Duration.ofNanos(System.nanoTime() - begin);
                    return new Replacement(after, topology.replicas().get(i).key(), 0, 0, 0, 0);
                }
            }
            Waiting.pause(Duration.ofMillis(5));
        }
        throw new IllegalStateException(
                "the primary " + topology.primary().key() + " was not replaced within " + PATIENCE.toSeconds() + " s");
    }

    private static boolean isWritable(Connection eye) {
        try (Statement statement = eye.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global.read_only")) {
            row.next();
            return row.getInt(1) == 0;
        } catch (SQLException e) {
            throw new IllegalStateException("a replica does not answer: " + e.getMessage(), e);
        }
    }

    /** Waits until the recovery is over and all follow, then counts. */
    Replacement settle(Replacement seen, Supplier<ServiceProcess> through, StandaloneOrchestrator onlooker) {
        Waiting.holdsWithin(Duration.ofSeconds(30), () -> isOver(onlooker) && following(seen.successor()) == 1);
        Waiting.pause(SECOND_THOUGHTS);
        List<RecoveryRecord> records = recoveries(onlooker);
        int writable = (int) eyes.stream().filter(WatchedTopology::isWritable).count();
        Replacement settled = new Replacement(
                seen.after(),
                seen.successor(),
                records.size(),
                (int) records.stream().filter(RecoveryRecord::successful).count(),
                writable,
                following(seen.successor()));
        topology.servers().stream().map(DatabaseServer::key).forEach(key -> forget(key, through.get()));
        return settled;
    }

    private boolean isOver(StandaloneOrchestrator onlooker) {
        try {
            List<RecoveryRecord> records = recoveries(onlooker);
            return !records.isEmpty() && records.stream().allMatch(r -> r.endedAt() != null);
        } catch (OrchestratorException e) {
            // The backend may be in trouble at present.
            return false;
        }
    }

    /** The recoveries of the primary that the backend has. */
    List<RecoveryRecord> recoveries(StandaloneOrchestrator onlooker) {
        return onlooker.orchestrator()
                .recoveries()
                .find(new RecoveryFilter(
                        null, null, null, null, topology.primary().key(), false, false, 0, 100));
    }

    private static void forget(InstanceKey key, ServiceProcess through) {
        through.status("api/forget/" + key.hostname() + "/" + key.port(), Duration.ofSeconds(5));
    }

    private int following(InstanceKey successor) {
        return (int) topology.replicas().stream()
                .filter(r -> r.port() != successor.port())
                .filter(r -> follows(r, successor))
                .count();
    }

    private static boolean follows(DatabaseServer replica, InstanceKey source) {
        Map<String, @Nullable String> status = replica.replicaStatus();
        return String.valueOf(source.port()).equals(status.get("Source_Port"))
                && Stream.of("Replica_IO_Running", "Replica_SQL_Running")
                        .map(status::get)
                        .allMatch("Yes"::equals);
    }

    @Override
    public void close() {
        for (Connection eye : eyes) {
            try {
                eye.close();
            } catch (SQLException e) {
                throw new IllegalStateException("could not close a connection: " + e.getMessage(), e);
            }
        }
        topology.close();
    }
}
