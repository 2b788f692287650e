package dev.orchestrator.bench.series;

import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.testkit.DatabaseServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Every tenure of the leadership as the backend's row showed it, looked at every few milliseconds. */
final class LeaseHistory implements AutoCloseable {
    private static final Duration GRAIN = Duration.ofMillis(10);

    private final DatabaseServer server;
    private final String query;
    private final Map<Long, HeldLease> tenures = new TreeMap<>();
    private final Thread thread = new Thread(this::watch, "series-lease");
    private volatile boolean closed;
    private volatile String trouble = "";

    /**
     * A tenure.
     *
     * @param epoch its number
     * @param node the node's name
     * @param since when it began, by the backend's clock
     * @param until when it ran out at the latest: its expiry as last renewed, or when it was seen given up
     */
    record HeldLease(long epoch, String node, Instant since, Instant until) {
        boolean covers(Instant at) {
            return !at.isBefore(since) && !at.isAfter(until);
        }
    }

    private LeaseHistory(DatabaseServer server, String schema) {
        this.server = server;
        this.query =
                "SELECT holder, epoch, since, expires_at, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))"
                        + " FROM " + schema + ".orc_lease WHERE name = 'leader'";
        thread.setDaemon(true);
    }

    static LeaseHistory of(DatabaseServer server, String schema) {
        LeaseHistory history = new LeaseHistory(server, schema);
        history.thread.start();
        return history;
    }

    private void watch() {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            while (!closed) {
                try (ResultSet row = statement.executeQuery(query)) {
                    if (row.next()) {
                        note(row);
                    }
                }
                Waiting.pause(GRAIN);
            }
        } catch (SQLException e) {
            trouble = "the lease could not be watched to the end: " + e.getMessage();
        }
    }

    private synchronized void note(ResultSet row) throws SQLException {
        String node = row.getString(1);
        long epoch = row.getLong(2);
        Instant since = at(row.getLong(3));
        long expires = row.getLong(4);
        Instant until = at(expires == 0 ? row.getLong(5) : expires);
        HeldLease known = tenures.get(epoch);
        if (known == null || expires != 0) {
            tenures.put(epoch, new HeldLease(epoch, node, since, until));
        } else if (until.isBefore(known.until())) {
            // Given up: it ended when that was first seen.
            tenures.put(epoch, new HeldLease(epoch, known.node(), known.since(), until));
        }
    }

    private static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** All tenures so far, by epoch, each ending at the latest when the next one began. */
    synchronized List<HeldLease> tenures() {
        List<HeldLease> all = new ArrayList<>(tenures.values());
        for (int i = 0; i + 1 < all.size(); i++) {
            HeldLease one = all.get(i);
            Instant next = all.get(i + 1).since();
            if (next.isBefore(one.until())) {
                all.set(i, new HeldLease(one.epoch(), one.node(), one.since(), next));
            }
        }
        return all;
    }

    /** The tenure of that node that covers the moment. */
    Optional<HeldLease> of(String node, Instant at) {
        return tenures().stream()
                .filter(t -> t.node().equals(node) && t.covers(at))
                .findFirst();
    }

    /** Why the history is not complete; empty when it is. */
    String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
