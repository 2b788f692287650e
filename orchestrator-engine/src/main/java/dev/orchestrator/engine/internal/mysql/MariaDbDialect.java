package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.Credentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB, 10.11 and later. It has no super_read_only; a receiver that starts again by GTID drops what was received and
 * not yet applied; a channel is changed only while both its threads stand still.
 */
final class MariaDbDialect implements ReplicationDialect {
    /** What {@link GtidSet} prints for a part that begins later than 1: waiting for its end is waiting for all of it. */
    private static final Pattern RANGE = Pattern.compile("(\\d+-\\d+-)\\d+\\.\\.(\\d+)");

    @Override
    public ReplicationVocabulary columns() {
        return ReplicationVocabulary.CLASSIC;
    }

    @Override
    public List<List<String>> privilegesToAct() {
        return List.of(
                List.of("REPLICATION SLAVE ADMIN"),
                List.of("READ_ONLY ADMIN", "READ ONLY ADMIN"),
                List.of("CONNECTION ADMIN", "SUPER"));
    }

    @Override
    public String identity() {
        return "@@server_uid";
    }

    @Override
    public String executedGtids() {
        return "@@GLOBAL.gtid_current_pos";
    }

    @Override
    public boolean hasSuperReadOnly() {
        return false;
    }

    @Override
    public boolean receiverRestartDropsRelayLog() {
        return true;
    }

    @Override
    public String variables() {
        return "SELECT UTC_TIMESTAMP(6) AS now_utc, NULL AS now_system, @@server_uid AS server_uuid, "
                + COMMON_VARIABLES + ", 0 AS super_read_only,"
                + " @@log_slave_updates AS log_replica_updates,"
                + " @@GLOBAL.slave_net_timeout AS receiver_timeout, '' AS gtid_mode,"
                + " @@GLOBAL.gtid_current_pos AS gtid_executed, '' AS gtid_purged";
    }

    @Override
    public String globalStatus() {
        return "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime',"
                + " 'Rpl_semi_sync_master_status', 'Rpl_semi_sync_master_clients', 'Rpl_semi_sync_slave_status')";
    }

    @Override
    public String channels() {
        return "SHOW ALL SLAVES STATUS";
    }

    @Override
    public String channel(String name) {
        return "SHOW SLAVE " + SqlText.quote(name) + " STATUS";
    }

    @Override
    public String binaryLogStatus() {
        return "SHOW MASTER STATUS";
    }

    @Override
    public String registeredReplicas() {
        return "SHOW SLAVE HOSTS";
    }

    @Override
    public String dumpThreads(boolean performanceSchema) {
        return processList(performanceSchema);
    }

    @Override
    public String processList(boolean performanceSchema) {
        // information_schema.processlist makes a temporary table on disk each time; a 10.11.18 was seen to crash over
        // it.
        return "SHOW PROCESSLIST";
    }

    @Override
    public String group() {
        return "SELECT 1 AS member_id FROM DUAL WHERE 1 = 0";
    }

    /** It has no other way to give a receiver its account than to keep it. */
    @Override
    public @Nullable String storedCredentials() {
        return null;
    }

    @Override
    public String semiSync(SemiSyncNames names) {
        return "SELECT @@GLOBAL.rpl_semi_sync_master_enabled AS source_enabled,"
                + " @@GLOBAL.rpl_semi_sync_master_timeout AS source_timeout, 1 AS wait_for_replicas,"
                + " @@GLOBAL.rpl_semi_sync_slave_enabled AS replica_enabled";
    }

    @Override
    public @Nullable String globalLockHolders() {
        return null;
    }

    @Override
    public String stopReceiver(String channel) {
        return "STOP SLAVE " + SqlText.quote(channel) + " IO_THREAD";
    }

    @Override
    public String startReceiver(String channel) {
        return "START SLAVE " + SqlText.quote(channel) + " IO_THREAD";
    }

    @Override
    public String startApplier(String channel) {
        return "START SLAVE " + SqlText.quote(channel) + " SQL_THREAD";
    }

    @Override
    public String stopApplier(String channel) {
        return "STOP SLAVE " + SqlText.quote(channel) + " SQL_THREAD";
    }

    @Override
    public String stopReplication(String channel) {
        return "STOP SLAVE " + SqlText.quote(channel);
    }

    @Override
    public String startReplication(String channel) {
        return "START SLAVE " + SqlText.quote(channel);
    }

    @Override
    public String awaitExecuted(GtidSet gtids, Duration timeout) {
        String position = RANGE.matcher(gtids.toString()).replaceAll("$1$2");
        return "SELECT MASTER_GTID_WAIT(" + SqlText.quote(position) + ", " + MySqlDialect.seconds(timeout) + ")";
    }

    @Override
    public @Nullable String requireRunningApplier(String channel) {
        return null;
    }

    @Override
    public List<String> repoint(String channel, InstanceKey source, @Nullable Duration heartbeat, boolean applierRuns) {
        List<String> statements = new ArrayList<>();
        statements.add(stopReplication(channel));
        statements.add("CHANGE MASTER " + SqlText.quote(channel) + " TO MASTER_HOST = "
                + SqlText.quote(source.hostname()) + ", MASTER_PORT = " + source.port()
                + (heartbeat == null ? "" : ", MASTER_HEARTBEAT_PERIOD = " + MySqlDialect.decimal(heartbeat)));
        if (applierRuns) {
            statements.add(startApplier(channel));
        }
        return statements;
    }

    @Override
    public @Nullable String channelNotes(String name) {
        return null;
    }

    @Override
    public String channelOptions(String name) {
        // The statement for one channel does not tell the heartbeat.
        return "SHOW ALL SLAVES STATUS";
    }

    @Override
    public String configureChannel(InstanceKey source, Credentials credentials, ChannelOptions options) {
        // Encryption is always said: from 11.4 on a channel that is not told insists on it.
        return "CHANGE MASTER '' TO MASTER_HOST = " + SqlText.quote(source.hostname()) + ", MASTER_PORT = "
                + source.port() + ", MASTER_USER = " + SqlText.quote(credentials.user())
                + ", MASTER_PASSWORD = " + SqlText.quote(credentials.password())
                + ", MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = "
                + options.connectRetry().toSeconds() + ", MASTER_HEARTBEAT_PERIOD = "
                + MySqlDialect.decimal(options.heartbeat()) + ","
                + String.join(",", MySqlDialect.tlsSettings("MASTER_", options.tls()));
    }

    @Override
    public List<String> attach(String configureChannel) {
        return List.of(
                stopReplication(""),
                // A former primary's own writes are not in gtid_slave_pos, from which it is to go on.
                "SET GLOBAL gtid_slave_pos = @@GLOBAL.gtid_current_pos",
                configureChannel);
    }

    @Override
    public List<String> resetReplication(String channel) {
        return List.of(stopReplication(channel), "RESET SLAVE " + SqlText.quote(channel) + " ALL");
    }

    @Override
    public String setReadOnly(boolean readOnly) {
        return "SET GLOBAL read_only = " + (readOnly ? 1 : 0);
    }
}
