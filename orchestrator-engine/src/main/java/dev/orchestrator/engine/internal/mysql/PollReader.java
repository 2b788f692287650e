package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.model.channel.StoredCredentials;
import dev.orchestrator.engine.internal.mysql.PollFacts.RegisteredReplica;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the results of a poll into its facts. */
final class PollReader {
    private final ServerSession session;
    private final GtidCache gtids = new GtidCache();

    PollReader(ServerSession session) {
        this.session = session;
    }

    void read(PollPart part, ResultSet rows, PollFacts facts) throws SQLException {
        switch (part) {
            case VARIABLES -> variables(rows, facts);
            case CHANNELS -> ChannelReader.readAll(rows, session.dialect().columns(), gtids, facts);
            case STATUS -> status(rows, facts);
            case BINARY_LOG -> binaryLog(rows, facts);
            case REGISTERED_REPLICAS -> registered(rows, facts);
            case PROCESS_LIST -> dumpThreads(rows, facts);
            case CREDENTIALS -> credentials(rows, facts);
            case SEMI_SYNC -> semiSync(rows, facts);
            case GROUP -> group(rows, facts);
        }
    }

    private void variables(ResultSet row, PollFacts facts) throws SQLException {
        row.next();
        facts.clock = new ServerClock(
                SqlText.parseUtc(row.getString("now_utc")),
                session.connection().ticker().nanos());
        facts.systemTime = systemTime(row);
        facts.serverUuid = text(row, "server_uuid");
        facts.port = row.getInt("port");
        facts.instance
                .serverUuid(facts.serverUuid)
                .serverId(row.getLong("server_id"))
                .versionComment(text(row, "version_comment"))
                .reportedHostname(text(row, "hostname"))
                .reportHost(text(row, "report_host"))
                .reportPort(row.getInt("report_port"))
                .readOnly(isOn(row, "read_only"))
                .superReadOnly(isOn(row, "super_read_only"))
                .superReadOnlySupported(session.dialect().hasSuperReadOnly())
                .binlogEnabled(isOn(row, "log_bin"))
                .logReplicaUpdates(isOn(row, "log_replica_updates"))
                .binlogFormat(text(row, "binlog_format"))
                .binlogRowImage(text(row, "binlog_row_image"))
                .gtidMode(text(row, "gtid_mode"))
                .executedGtids(gtids.read("executed", text(row, "gtid_executed")))
                .purgedGtids(gtids.read("purged", text(row, "gtid_purged")))
                .receiverTimeout(Duration.ofSeconds(row.getLong("receiver_timeout")));
    }

    private static @Nullable LocalDateTime systemTime(ResultSet row) throws SQLException {
        String text = text(row, "now_system");
        return text.isEmpty() ? null : SqlText.parseUtc(text);
    }

    private static void status(ResultSet rows, PollFacts facts) throws SQLException {
        while (rows.next()) {
            facts.status.put(rows.getString(1).toLowerCase(Locale.ROOT), rows.getString(2));
        }
        facts.instance.uptime(Duration.ofSeconds(Long.parseLong(facts.status.getOrDefault("uptime", "0"))));
    }

    private static void binaryLog(ResultSet rows, PollFacts facts) throws SQLException {
        if (rows.next() && !text(rows, "File").isBlank()) {
            facts.instance.binlogCoordinates(new BinlogCoordinates(
                    rows.getString("File"), rows.getLong("Position"), BinlogCoordinates.Type.BINARY));
            List<String> filters = new ArrayList<>(ChannelReader.filters("binlog-do-db", text(rows, "Binlog_Do_DB")));
            filters.addAll(ChannelReader.filters("binlog-ignore-db", text(rows, "Binlog_Ignore_DB")));
            facts.instance.binlogFilters(filters);
        }
    }

    private void registered(ResultSet rows, PollFacts facts) throws SQLException {
        boolean knowsUuid = rows.getMetaData().getColumnCount() > 4;
        while (rows.next()) {
            String uuid = knowsUuid ? text(rows, session.dialect().columns().replica() + "_uuid") : "";
            facts.registered.add(new RegisteredReplica(
                    text(rows, "Host").strip(), rows.getInt("Port"), uuid.isEmpty() ? null : uuid));
        }
    }

    private static void dumpThreads(ResultSet rows, PollFacts facts) throws SQLException {
        while (rows.next()) {
            if (text(rows, "command").startsWith("Binlog Dump")) {
                String host = hostOf(text(rows, "host"));
                if (!host.isEmpty()) {
                    facts.dumpHosts.add(host);
                }
            }
        }
    }

    /** The process list shows the client's address and its own port, such as {@code 10.0.0.7:51824} or {@code ::1:51824}. */
    static String hostOf(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static void credentials(ResultSet rows, PollFacts facts) throws SQLException {
        while (rows.next()) {
            facts.credentials.put(
                    text(rows, "channel_name"),
                    isOn(rows, "is_stored") ? StoredCredentials.STORED : StoredCredentials.MISSING);
        }
    }

    private static void semiSync(ResultSet row, PollFacts facts) throws SQLException {
        row.next();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            switch (row.getMetaData().getColumnLabel(i)) {
                case "source_enabled" -> facts.semiSync.sourceEnabled = row.getBoolean(i);
                case "replica_enabled" -> facts.semiSync.replicaEnabled = row.getBoolean(i);
                case "source_timeout" -> facts.semiSync.timeout = Duration.ofMillis(row.getLong(i));
                case "wait_for_replicas" -> facts.semiSync.waitForReplicas = row.getInt(i);
                default -> {
                    // The placeholder that makes the list of columns never empty.
                }
            }
        }
    }

    private static void group(ResultSet rows, PollFacts facts) throws SQLException {
        List<InstanceKey> members = new ArrayList<>();
        @Nullable InstanceKey primary = null;
        String groupName = "";
        boolean singlePrimary = true;
        String ownState = "";
        String ownRole = "";
        String primaryUuid = facts.status.getOrDefault("group_replication_primary_member", "");
        while (rows.next()) {
            String uuid = text(rows, "member_id");
            if (uuid.isEmpty() || text(rows, "member_host").isEmpty()) {
                continue;
            }
            InstanceKey member = new InstanceKey(rows.getString("member_host"), rows.getInt("member_port"));
            members.add(member);
            String role = text(rows, "member_role");
            if (role.isEmpty() && !primaryUuid.isEmpty()) {
                role = uuid.equals(primaryUuid) ? "PRIMARY" : "SECONDARY";
            }
            if (role.equals("PRIMARY")) {
                primary = member;
            }
            if (uuid.equals(facts.serverUuid)) {
                ownState = text(rows, "member_state");
                ownRole = role;
            }
            groupName = text(rows, "group_name");
            singlePrimary = isOn(rows, "single_primary");
        }
        // The plugin may be loaded and at rest.
        if (!members.isEmpty() && !ownState.equals("OFFLINE")) {
            facts.instance.group(
                    new GroupReplicationState(groupName, singlePrimary, ownState, ownRole, members, primary));
        }
    }

    private static boolean isOn(ResultSet row, String label) throws SQLException {
        String value = text(row, label);
        return value.equals("1") || value.equalsIgnoreCase("ON");
    }

    private static String text(ResultSet row, String label) throws SQLException {
        String value = row.getString(label);
        return value == null ? "" : value;
    }
}
