package dev.orchestrator.testkit;

import dev.orchestrator.testkit.server.ServerFamily;
import dev.orchestrator.testkit.server.ServerPackage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements by which servers are made replicas, in the words of each version. */
final class ReplicationSql {
    private final ServerPackage server;

    private ReplicationSql(ServerPackage server) {
        this.server = server;
    }

    /** Those for that package. */
    public static ReplicationSql of(ServerPackage server) {
        return new ReplicationSql(server);
    }

    /** The expression for what the server has executed. */
    public String executedGtids() {
        return server.family() == ServerFamily.MARIADB ? "@@GLOBAL.gtid_current_pos" : "@@GLOBAL.gtid_executed";
    }

    /** What that replica has received, applied or not; empty when it is no replica or has received nothing. */
    public String receivedGtids(DatabaseServer on) {
        String column = server.family() == ServerFamily.MARIADB ? "Gtid_IO_Pos" : "Retrieved_Gtid_Set";
        String received = status(on).get(column);
        return received == null ? "" : received.replace("\n", "");
    }

    /** Statements that set the source and start replication; stops replication first if it runs. */
    public List<String> replicateFrom(String host, int port, boolean gtid) {
        String user = "_USER='" + DatabaseServer.REPLICATION_USER + "', ";
        String password = "_PASSWORD='" + DatabaseServer.REPLICATION_PASSWORD + "', ";
        if (server.usesSourceAndReplicaWords()) {
            return List.of(
                    "STOP REPLICA",
                    "CHANGE REPLICATION SOURCE TO SOURCE_HOST='" + host + "', SOURCE_PORT=" + port + ", SOURCE" + user
                            + "SOURCE" + password + "SOURCE_AUTO_POSITION=" + (gtid ? 1 : 0)
                            + ", SOURCE_CONNECT_RETRY=1, SOURCE_RETRY_COUNT=86400, GET_SOURCE_PUBLIC_KEY=1",
                    "START REPLICA");
        }
        String position = server.family() == ServerFamily.MARIADB
                ? "MASTER_USE_GTID=" + (gtid ? "slave_pos" : "no") + ", MASTER_SSL=0"
                : "MASTER_AUTO_POSITION=" + (gtid ? 1 : 0);
        return List.of(
                "STOP SLAVE",
                "CHANGE MASTER TO MASTER_HOST='" + host + "', MASTER_PORT=" + port + ", MASTER" + user + "MASTER"
                        + password + position + ", MASTER_CONNECT_RETRY=1",
                "START SLAVE");
    }

    /** The replica status with modern column names; empty when the server is no replica. */
    public Map<String, @Nullable String> status(DatabaseServer on) {
        List<Map<String, @Nullable String>> rows =
                on.query(server.usesSourceAndReplicaWords() ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS");
        Map<String, @Nullable String> status = new LinkedHashMap<>();
        if (!rows.isEmpty()) {
            rows.get(0)
                    .forEach((name, value) -> status.put(
                            name.replace("Master", "Source")
                                    .replace("Slave", "Replica")
                                    .replace("master", "source"),
                            value));
        }
        return status;
    }
}
