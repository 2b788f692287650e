package dev.orchestrator.standalone.engine;

import dev.orchestrator.testkit.DatabaseServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client at every server that tries to write a row every 20 ms, whoever the primary is, and knows which rows were
 * acknowledged where and when. One at a frozen server waits for its answer until the server is thawed. So it shows who
 * could be written when.
 */
final class ClientsEverywhere implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientsEverywhere.class);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<DatabaseServer> servers;
    private final List<Row> acknowledged = new CopyOnWriteArrayList<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * A row that a server acknowledged.
     *
     * @param server the server
     * @param id the row
     * @param sent the ticker reading at which it was sent
     * @param ended the ticker reading at which it was acknowledged
     */
    record Row(DatabaseServer server, long id, long sent, long ended) {}

    private ClientsEverywhere(List<DatabaseServer> servers) {
        this.servers = List.copyOf(servers);
    }

    /** Clients of servers of which the first one is the primary of the others. */
    static ClientsEverywhere start(List<DatabaseServer> servers) {
        DatabaseServer primary = servers.get(0);
        primary.execute(
                "CREATE DATABASE IF NOT EXISTS testkit",
                "CREATE TABLE testkit.everywhere (port INT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (port, id))");
        for (DatabaseServer replica : servers.subList(1, servers.size())) {
            replica.awaitExecuted(primary.executedGtids(), SecondNode.PATIENCE);
        }
        ClientsEverywhere clients = new ClientsEverywhere(servers);
        servers.forEach(clients::begin);
        return clients;
    }

    private void begin(DatabaseServer server) {
        Thread thread = new Thread(() -> run(server), "client of " + server.address());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void run(DatabaseServer server) {
        long id = 0;
        while (!closed) {
            try (Connection connection = connect(server);
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO testkit.everywhere (port, id) VALUES (?, ?)")) {
                open.add(connection);
                while (!closed) {
                    id++;
                    insert.setInt(1, server.port());
                    insert.setLong(2, id);
                    writeOne(server, insert, id);
                    pause();
                }
                open.remove(connection);
            } catch (SQLException e) {
                LOG.atDebug().setCause(e).log("a client of {} has no connection", server.address());
            }
            pause();
        }
    }

    /** Throws only when the connection is of no use any more. */
    private void writeOne(DatabaseServer server, PreparedStatement insert, long id) throws SQLException {
        long sent = System.nanoTime();
        try {
            insert.executeUpdate();
            acknowledged.add(new Row(server, id, sent, System.nanoTime()));
        } catch (SQLException e) {
            if (e.getErrorCode() == 0 || String.valueOf(e.getSQLState()).startsWith("08")) {
                throw e;
            }
        }
    }

    private static Connection connect(DatabaseServer server) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", DatabaseServer.APPLICATION_USER);
        properties.setProperty("password", DatabaseServer.APPLICATION_PASSWORD);
        properties.setProperty("connectTimeout", "1000");
        return DriverManager.getConnection(server.jdbcUrl(), properties);
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    /** How many rows a server has acknowledged. */
    long acknowledgedBy(DatabaseServer server) {
        return acknowledged.stream().filter(r -> r.server() == server).count();
    }

    /** Rows acknowledged by a server that were sent after a certain ticker reading. */
    List<Row> acknowledgedBy(DatabaseServer server, long sentAfter) {
        return acknowledged.stream()
                .filter(r -> r.server() == server && r.sent() > sentAfter)
                .toList();
    }

    /** The servers that acknowledged writes, in the order of that: one that two took turns in stands there twice. */
    List<DatabaseServer> writersInTurn() {
        List<DatabaseServer> turns = new ArrayList<>();
        acknowledged.stream().sorted(Comparator.comparingLong(Row::ended)).forEach(row -> {
            if (turns.isEmpty() || turns.get(turns.size() - 1) != row.server()) {
                turns.add(row.server());
            }
        });
        return turns;
    }

    /** Acknowledged rows that a server holds. */
    List<Row> heldBy(DatabaseServer server) {
        return acknowledged(server, true);
    }

    /** Acknowledged rows that a server does not hold. */
    List<Row> missingOn(DatabaseServer server) {
        return acknowledged(server, false);
    }

    private List<Row> acknowledged(DatabaseServer server, boolean held) {
        // These first: what is acknowledged afterwards may or may not be in what is read.
        List<Row> rows = List.copyOf(acknowledged);
        Set<String> there = server.query("SELECT port, id FROM testkit.everywhere").stream()
                .map(row -> row.get("port") + " " + row.get("id"))
                .collect(Collectors.toSet());
        return rows.stream()
                .filter(r -> there.contains(r.server().port() + " " + r.id()) == held)
                .toList();
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(this::abort);
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(5).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a client of " + servers + " ended", e);
            }
        }
    }

    private void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("a client's connection was closed already");
        }
    }
}
