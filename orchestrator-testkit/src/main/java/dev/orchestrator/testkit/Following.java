package dev.orchestrator.testkit;

import dev.orchestrator.testkit.server.ServerFamily;
import dev.orchestrator.testkit.server.TestkitException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until a replica has what it should have. */
final class Following {
    private Following() {}

    /** Waits until the server has executed all of that set. */
    public static void awaitExecuted(DatabaseServer server, String wanted, Duration limit) {
        await(server, limit, () -> hasExecuted(server, wanted));
    }

    /** Waits until the server has that row of testkit.ready, where there are no GTIDs to compare. */
    static void awaitMarker(DatabaseServer server, String id, Duration limit) {
        await(server, limit, () -> hasMarker(server, id));
    }

    /** Waits until the server is connected with its source. */
    static void awaitReceiver(DatabaseServer server, Duration limit) {
        await(server, limit, () -> "Yes".equals(server.replicaStatus().get("Replica_IO_Running")));
    }

    private static void await(DatabaseServer server, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw behind(server, limit);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TestkitException("interrupted while waiting for " + server, e);
            }
        }
    }

    private static TestkitException behind(DatabaseServer server, Duration limit) {
        Map<String, @Nullable String> status = server.replicaStatus();
        return new TestkitException(server + " has not caught up within " + limit.toMillis() + " ms: receiver "
                + status.get("Replica_IO_Running") + " (" + status.get("Last_IO_Error") + "), applier "
                + status.get("Replica_SQL_Running") + " (" + status.get("Last_SQL_Error") + ")");
    }

    private static boolean hasExecuted(DatabaseServer server, String wanted) {
        if (server.options().serverPackage().family() == ServerFamily.MYSQL) {
            return "1".equals(server.queryValue("SELECT GTID_SUBSET('" + wanted + "', @@GLOBAL.gtid_executed)"));
        }
        Map<String, Long> there = positions(server.executedGtids());
        return positions(wanted).entrySet().stream()
                .allMatch(entry -> there.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
    }

    private static boolean hasMarker(DatabaseServer server, String id) {
        boolean table = !server.query(
                        "SELECT 1 FROM information_schema.tables WHERE table_schema = 'testkit' AND table_name = 'ready'")
                .isEmpty();
        return table && server.queryValue("SELECT id FROM testkit.ready WHERE id = " + id) != null;
    }

    /** MariaDB's list of domain-server-sequence, as domain to sequence. */
    private static Map<String, Long> positions(String list) {
        Map<String, Long> positions = new HashMap<>();
        for (String gtid : list.isEmpty() ? List.<String>of() : List.of(list.split(",", -1))) {
            String[] parts = gtid.strip().split("-", 3);
            positions.put(parts[0], Long.parseLong(parts[2]));
        }
        return positions;
    }
}
