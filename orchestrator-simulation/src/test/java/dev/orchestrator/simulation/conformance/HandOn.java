package dev.orchestrator.simulation.conformance;

import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.server.ServerPackage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people and applications do on one real server, in its own words. */
final class HandOn {
    private static final Logger LOG = LoggerFactory.getLogger(HandOn.class);
    /** Replicas that are promoted go on where the others have stopped. */
    private static final AtomicInteger ROW = new AtomicInteger();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String ACCOUNT = "'" + DatabaseServer.REPLICATION_USER + "'@'%'";

    private final DatabaseServer server;
    private final ExecutorService writers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "conformance-writer");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Connection lock;

    HandOn(DatabaseServer server) {
        this.server = server;
    }

    private boolean isModern() {
        return server.options().serverPackage().usesSourceAndReplicaWords();
    }

    /** A statement of 8.0 and later in the server's words. */
    private String words(String sql) {
        return isModern()
                ? sql
                : sql.replace("REPLICATION SOURCE", "MASTER")
                        .replace(", GET_SOURCE_PUBLIC_KEY=1", "")
                        .replace("SOURCE_", "MASTER_")
                        .replace("REPLICA", "SLAVE")
                        .replace("replica_", "slave_");
    }

    private void execute(String... statements) {
        String[] all = new String[statements.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = words(statements[i]);
        }
        server.execute(all);
    }

    /** Told of each row that is acknowledged. */
    void write(int rows, Runnable acknowledged) {
        writers.execute(() -> {
            try (Connection connection =
                            server.connect(DatabaseServer.APPLICATION_USER, DatabaseServer.APPLICATION_PASSWORD);
                    Statement statement = connection.createStatement()) {
                for (int i = 0; i < rows; i++) {
                    statement.execute("INSERT INTO conformance.written VALUES (" + ROW.incrementAndGet() + ")");
                    acknowledged.run();
                }
            } catch (SQLException e) {
                LOG.debug("not acknowledged, which is all that an application knows", e);
            }
        });
    }

    void lock() {
        try {
            Connection connection = server.connect();
            lock = connection;
            try (Statement statement = connection.createStatement()) {
                statement.execute("FLUSH TABLES WITH READ LOCK");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot lock " + server, e);
        }
    }

    void unlock() {
        Connection connection = lock;
        lock = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException("cannot unlock " + server, e);
            }
        }
    }

    void refuse(int errno) {
        execute(
                "SET SESSION sql_log_bin = 0",
                switch (errno) {
                    case 1045 -> "ALTER USER " + ACCOUNT + " IDENTIFIED BY 'another'";
                    case 3118 -> "ALTER USER " + ACCOUNT + " ACCOUNT LOCK";
                    default -> throw new IllegalArgumentException("nobody knows how to be refused with " + errno);
                });
        for (Map<String, @Nullable String> dump :
                server.query("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'")) {
            server.execute("KILL " + dump.get("id"));
        }
    }

    void admit() {
        execute(
                "SET SESSION sql_log_bin = 0",
                "ALTER USER " + ACCOUNT + " IDENTIFIED BY '" + DatabaseServer.REPLICATION_PASSWORD
                        + "' ACCOUNT UNLOCK");
    }

    /** A log that is still read is left: again until that is over. */
    void purge() {
        server.execute("FLUSH BINARY LOGS");
        await().atMost(LIMIT).until(() -> {
            List<Map<String, @Nullable String>> logs = server.query("SHOW BINARY LOGS");
            server.execute("PURGE BINARY LOGS TO '" + logs.get(logs.size() - 1).get("Log_name") + "'");
            return server.query("SHOW BINARY LOGS").size() == 1;
        });
    }

    private String change(InstanceKey source, String channel) {
        return "CHANGE REPLICATION SOURCE TO SOURCE_HOST='" + source.hostname() + "', SOURCE_PORT=" + source.port()
                + ", SOURCE_USER='" + DatabaseServer.REPLICATION_USER + "', SOURCE_PASSWORD='"
                + DatabaseServer.REPLICATION_PASSWORD
                + "', SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=1, GET_SOURCE_PUBLIC_KEY=1 FOR CHANNEL '" + channel
                + "'";
    }

    /** Its only channel gets a name. */
    void nameChannel(String own, InstanceKey source) {
        execute("STOP REPLICA", "RESET REPLICA ALL");
        addChannel(own, source);
    }

    void addChannel(String channel, InstanceKey source) {
        execute(change(source, channel), "START REPLICA FOR CHANNEL '" + channel + "'");
    }

    void leaveChannel(InstanceKey source) {
        execute(change(source, ""));
    }

    void waitTwoSecondsOnly() {
        execute(
                "SET GLOBAL replica_net_timeout = 2",
                "STOP REPLICA IO_THREAD",
                "CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD=0.5",
                "START REPLICA IO_THREAD");
    }

    /** Lets go of everything. */
    void close() {
        if (server.isRunning()) {
            server.thaw();
        }
        unlock();
        writers.shutdownNow();
    }

    /** Nothing is replicated, everybody is let in, no row is there. */
    void clear() {
        if (server.options().semiSync().isPresent()) {
            // Whoever still waits goes on, or the table could not be dropped.
            execute("SET GLOBAL rpl_semi_sync_source_enabled = 0");
        }
        execute(
                "SET GLOBAL super_read_only = 0, GLOBAL read_only = 0",
                "SET GLOBAL replica_net_timeout = 60",
                "SET SESSION sql_log_bin = 0",
                "STOP REPLICA",
                "RESET REPLICA ALL",
                "DROP DATABASE IF EXISTS conformance",
                "CREATE DATABASE conformance",
                "CREATE TABLE conformance.written (id INT PRIMARY KEY)");
        admit();
    }

    /** Its semi-sync sides are as its configuration file says. */
    void setSemiSync(boolean source) {
        execute("SET GLOBAL rpl_semi_sync_source_enabled = " + (source ? 1 : 0)
                + ", GLOBAL rpl_semi_sync_replica_enabled = " + (source ? 0 : 1));
    }

    /**
     * It has executed that, and its binary logs are empty. No number is ever given again: relay logs of 5.7 remember those of
     * a channel that is gone.
     */
    void hold(GtidSet gtids) {
        server.execute(
                server.options().serverPackage() == ServerPackage.MYSQL_9
                        ? "RESET BINARY LOGS AND GTIDS"
                        : "RESET MASTER",
                "SET GLOBAL gtid_purged = '" + gtids + "'");
    }
}
