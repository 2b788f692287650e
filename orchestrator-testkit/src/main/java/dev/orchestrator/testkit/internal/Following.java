package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.ServerFamily;
import java.util.HashMap;
import java.util.Map;

/** Whether a replica has what it should have. */
final class Following {
    private Following() {}

    static boolean hasExecuted(DatabaseServer replica, String wanted) {
        if (replica.options().serverPackage().family() == ServerFamily.MYSQL) {
            return "1".equals(replica.queryValue("SELECT GTID_SUBSET('" + wanted + "', @@GLOBAL.gtid_executed)"));
        }
        Map<String, Long> there = positions(replica.executedGtids());
        return positions(wanted).entrySet().stream()
                .allMatch(entry -> there.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
    }

    static boolean hasReadyRow(DatabaseServer replica) {
        boolean table = !replica.query(
                        "SELECT 1 FROM information_schema.tables WHERE table_schema = 'testkit' AND table_name = 'ready'")
                .isEmpty();
        return table && "1".equals(replica.queryValue("SELECT count(*) FROM testkit.ready"));
    }

    /** MariaDB's list of domain-server-sequence, as domain to sequence. */
    private static Map<String, Long> positions(String list) {
        Map<String, Long> positions = new HashMap<>();
        for (String gtid : list.isEmpty() ? new String[0] : list.split(",")) {
            String[] parts = gtid.strip().split("-");
            positions.put(parts[0], Long.parseLong(parts[2]));
        }
        return positions;
    }
}
