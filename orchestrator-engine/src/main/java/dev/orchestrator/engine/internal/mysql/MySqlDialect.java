package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelTls;
import dev.orchestrator.api.model.channel.Credentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** MySQL and Percona Server, 5.7 to 9.x. */
final class MySqlDialect implements ReplicationDialect {
    private static final String STATUS = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime',"
            // Both only tell that the plugin is there: up to 8.0, and later.
            + " 'group_replication_primary_member', 'Gr_all_consensus_proposals_count',"
            + " 'Rpl_semi_sync_source_status', 'Rpl_semi_sync_source_clients', 'Rpl_semi_sync_replica_status',"
            + " 'Rpl_semi_sync_master_status', 'Rpl_semi_sync_master_clients', 'Rpl_semi_sync_slave_status')";

    /** Not information_schema.processlist, which makes a temporary table on disk each time. */
    private static final String SHOW_PROCESSLIST = "SHOW PROCESSLIST";

    private final ReplicationVocabulary words;
    /** SHOW BINARY LOG STATUS came with 8.2, SHOW MASTER STATUS went with 8.4. */
    private final boolean binaryLogStatus;
    /** GET_SOURCE_PUBLIC_KEY came with caching_sha2_password. */
    private final boolean publicKey;
    /** SOURCE_COMPRESSION_ALGORITHMS came with 8.0.18. */
    private final boolean compression;
    /** SOURCE_TLS_CIPHERSUITES came with 8.0.19. */
    private final boolean cipherSuites;
    /** performance_schema.processlist came with 8.0.22; it takes no global lock. */
    private final boolean processListTable;
    /** performance_schema.metadata_locks is on by default and replication_group_members has MEMBER_ROLE. */
    private final boolean eight;

    private MySqlDialect(ServerVersion version) {
        this.words = version.isAtLeast(8, 0, 26) ? ReplicationVocabulary.MODERN : ReplicationVocabulary.CLASSIC;
        this.binaryLogStatus = version.isAtLeast(8, 2, 0);
        this.publicKey = version.isAtLeast(8, 0, 4);
        this.compression = version.isAtLeast(8, 0, 18);
        this.cipherSuites = version.isAtLeast(8, 0, 19);
        this.processListTable = version.isAtLeast(8, 0, 22);
        this.eight = version.isAtLeast(8, 0, 4);
    }

    static Optional<ReplicationDialect> of(ServerVersion version) {
        return version.isAtLeast(5, 7, 9) ? Optional.of(new MySqlDialect(version)) : Optional.empty();
    }

    @Override
    public ReplicationVocabulary columns() {
        // SHOW REPLICA STATUS exists since 8.0.22, but the old statement with the old columns works up to 8.3.
        return words;
    }

    @Override
    public List<List<String>> privilegesToAct() {
        return eight
                ? List.of(
                        List.of("REPLICATION_SLAVE_ADMIN", "SUPER"),
                        List.of("SYSTEM_VARIABLES_ADMIN", "SUPER"),
                        List.of("CONNECTION_ADMIN", "SUPER"))
                : List.of(List.of("SUPER"));
    }

    @Override
    public String identity() {
        return "@@server_uuid";
    }

    @Override
    public String executedGtids() {
        return "@@GLOBAL.gtid_executed";
    }

    @Override
    public boolean hasSuperReadOnly() {
        return true;
    }

    @Override
    public boolean receiverRestartDropsRelayLog() {
        return false;
    }

    @Override
    public String variables() {
        return "SELECT UTC_TIMESTAMP(6) AS now_utc,"
                + " CONVERT_TZ(NOW(), @@session.time_zone, 'SYSTEM') AS now_system, @@server_uuid AS server_uuid, "
                + COMMON_VARIABLES + ", @@GLOBAL.super_read_only AS super_read_only,"
                + " @@log_" + words.replica() + "_updates AS log_replica_updates,"
                + " @@GLOBAL." + words.replica() + "_net_timeout AS receiver_timeout,"
                + " @@GLOBAL.gtid_mode AS gtid_mode,"
                // Without GLOBAL, 5.7 answers with an empty set.
                + " @@GLOBAL.gtid_executed AS gtid_executed, @@GLOBAL.gtid_purged AS gtid_purged";
    }

    @Override
    public String globalStatus() {
        return STATUS;
    }

    @Override
    public String channels() {
        return "SHOW " + words.replica() + " STATUS";
    }

    @Override
    public String channel(String name) {
        return "SHOW " + words.replica() + " STATUS" + forChannel(name);
    }

    @Override
    public String binaryLogStatus() {
        return binaryLogStatus ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
    }

    @Override
    public String registeredReplicas() {
        return words == ReplicationVocabulary.MODERN ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS";
    }

    @Override
    public String dumpThreads(boolean performanceSchema) {
        return processListTable && performanceSchema
                ? "SELECT host, command FROM performance_schema.processlist WHERE command LIKE 'Binlog Dump%'"
                : SHOW_PROCESSLIST;
    }

    @Override
    public String processList(boolean performanceSchema) {
        return processListTable && performanceSchema
                ? "SELECT id, user, command FROM performance_schema.processlist"
                : SHOW_PROCESSLIST;
    }

    @Override
    public String group() {
        return "SELECT MEMBER_ID AS member_id, MEMBER_HOST AS member_host, MEMBER_PORT AS member_port,"
                + " MEMBER_STATE AS member_state, " + (eight ? "MEMBER_ROLE" : "''") + " AS member_role,"
                + " @@GLOBAL.group_replication_group_name AS group_name,"
                + " @@GLOBAL.group_replication_single_primary_mode AS single_primary"
                + " FROM performance_schema.replication_group_members";
    }

    @Override
    public String storedCredentials() {
        return "SELECT Channel_name AS channel_name, (User_name <> '' AND User_password <> '') AS is_stored"
                + " FROM mysql.slave_master_info";
    }

    @Override
    public String semiSync(SemiSyncNames names) {
        StringBuilder sql = new StringBuilder("SELECT 1 AS there");
        if (names.source() != null) {
            sql.append(", @@GLOBAL.").append(names.source()).append("_enabled AS source_enabled");
            sql.append(", @@GLOBAL.").append(names.source()).append("_timeout AS source_timeout");
            sql.append(", @@GLOBAL.").append(names.source()).append("_wait_for_");
            sql.append(names.sourceWords().replica()).append("_count AS wait_for_replicas");
        }
        if (names.replica() != null) {
            sql.append(", @@GLOBAL.").append(names.replica()).append("_enabled AS replica_enabled");
        }
        return sql.toString();
    }

    @Override
    public String globalLockHolders() {
        return "SELECT t.processlist_id AS id FROM performance_schema.metadata_locks l"
                + " JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id"
                + " WHERE l.object_type IN ('GLOBAL', 'COMMIT') AND l.lock_status = 'GRANTED'"
                + " AND t.processlist_id IS NOT NULL AND t.processlist_id <> CONNECTION_ID()";
    }

    @Override
    public String stopReceiver(String channel) {
        return "STOP " + words.replica() + " IO_THREAD" + forChannel(channel);
    }

    @Override
    public String startReceiver(String channel) {
        return "START " + words.replica() + " IO_THREAD" + forChannel(channel);
    }

    @Override
    public String startApplier(String channel) {
        return "START " + words.replica() + " SQL_THREAD" + forChannel(channel);
    }

    @Override
    public String stopApplier(String channel) {
        return "STOP " + words.replica() + " SQL_THREAD" + forChannel(channel);
    }

    @Override
    public String stopReplication(String channel) {
        return "STOP " + words.replica() + forChannel(channel);
    }

    @Override
    public String startReplication(String channel) {
        return "START " + words.replica() + forChannel(channel);
    }

    @Override
    public String awaitExecuted(GtidSet gtids, Duration timeout) {
        return "SELECT WAIT_FOR_EXECUTED_GTID_SET(" + SqlText.quote(gtids.toString()) + ", " + seconds(timeout) + ")";
    }

    /** Seconds with a fraction; never 0, which would wait for ever. */
    static String seconds(Duration timeout) {
        return String.format(Locale.ROOT, "%.3f", Math.max(1, timeout.toMillis()) / 1000.0);
    }

    @Override
    public String requireRunningApplier(String channel) {
        return "SELECT IF((SELECT service_state FROM performance_schema.replication_applier_status WHERE channel_name = "
                + SqlText.quote(channel) + ") = 'ON', 0, (SELECT 1 UNION SELECT 2))";
    }

    @Override
    public List<String> repoint(String channel, InstanceKey source, @Nullable Duration heartbeat, boolean applierRuns) {
        return List.of(change() + option("HOST") + SqlText.quote(source.hostname()) + "," + option("PORT")
                + source.port()
                + (heartbeat == null ? "" : "," + option("HEARTBEAT_PERIOD") + decimal(heartbeat))
                + forChannel(channel));
    }

    @Override
    public String channelNotes(String name) {
        return "SELECT * FROM mysql.slave_master_info WHERE Channel_name = " + SqlText.quote(name);
    }

    @Override
    public String channelOptions(String name) {
        return "SELECT * FROM performance_schema.replication_connection_configuration WHERE CHANNEL_NAME = "
                + SqlText.quote(name);
    }

    @Override
    public String configureChannel(InstanceKey source, Credentials credentials, ChannelOptions options) {
        List<String> settings = new ArrayList<>(List.of(
                option("HOST") + SqlText.quote(source.hostname()),
                option("PORT") + source.port(),
                option("USER") + SqlText.quote(credentials.user()),
                option("PASSWORD") + SqlText.quote(credentials.password()),
                option("AUTO_POSITION") + "1",
                option("CONNECT_RETRY") + options.connectRetry().toSeconds(),
                option("RETRY_COUNT") + options.retryCount(),
                option("HEARTBEAT_PERIOD") + decimal(options.heartbeat())));
        ChannelTls tls = options.tls();
        settings.addAll(tlsSettings(words.source().toUpperCase(Locale.ROOT) + "_", tls));
        settings.add(option("TLS_VERSION") + SqlText.quote(tls.version()));
        if (publicKey) {
            settings.add(option("PUBLIC_KEY_PATH") + SqlText.quote(options.publicKeyPath()));
            settings.add(" GET_" + words.source().toUpperCase(Locale.ROOT) + "_PUBLIC_KEY = "
                    + (options.requestsPublicKey() ? 1 : 0));
        }
        if (compression && !options.compressionAlgorithms().isEmpty()) {
            settings.add(option("COMPRESSION_ALGORITHMS") + SqlText.quote(options.compressionAlgorithms()));
            settings.add(option("ZSTD_COMPRESSION_LEVEL") + options.zstdLevel());
        }
        if (cipherSuites) {
            String suites = tls.cipherSuites();
            settings.add(option("TLS_CIPHERSUITES") + (suites == null ? "NULL" : SqlText.quote(suites)));
        }
        return change() + String.join(",", settings) + forChannel("");
    }

    /** What both families say of TLS in the same words. */
    static List<String> tlsSettings(String prefix, ChannelTls tls) {
        return List.of(
                " " + prefix + "SSL = " + (tls.enabled() ? 1 : 0),
                " " + prefix + "SSL_CA = " + SqlText.quote(tls.ca()),
                " " + prefix + "SSL_CAPATH = " + SqlText.quote(tls.caPath()),
                " " + prefix + "SSL_CERT = " + SqlText.quote(tls.certificate()),
                " " + prefix + "SSL_KEY = " + SqlText.quote(tls.key()),
                " " + prefix + "SSL_CIPHER = " + SqlText.quote(tls.cipher()),
                " " + prefix + "SSL_CRL = " + SqlText.quote(tls.crl()),
                " " + prefix + "SSL_CRLPATH = " + SqlText.quote(tls.crlPath()),
                " " + prefix + "SSL_VERIFY_SERVER_CERT = " + (tls.verifiesSource() ? 1 : 0));
    }

    /** Seconds with a fraction, 0 included. */
    static String decimal(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
    }

    @Override
    public List<String> attach(String configureChannel) {
        return List.of(stopReplication(""), configureChannel);
    }

    private String change() {
        return words == ReplicationVocabulary.MODERN ? "CHANGE REPLICATION SOURCE TO" : "CHANGE MASTER TO";
    }

    private String option(String name) {
        return " " + words.source().toUpperCase(Locale.ROOT) + "_" + name + " = ";
    }

    @Override
    public List<String> resetReplication(String channel) {
        return List.of(stopReplication(channel), "RESET " + words.replica() + " ALL" + forChannel(channel));
    }

    @Override
    public String setReadOnly(boolean readOnly) {
        // super_read_only implies read_only; both are named when the server is opened.
        return readOnly ? "SET GLOBAL super_read_only = 1" : "SET GLOBAL super_read_only = 0, GLOBAL read_only = 0";
    }

    /** Always said: without it a statement acts on all channels of a replica that has several. */
    private static String forChannel(String channel) {
        return " FOR CHANNEL " + SqlText.quote(channel);
    }
}
