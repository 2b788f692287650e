package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.Credentials;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one family of server versions. The only place that knows versions. Channels are named by their name,
 * empty for the default one; an empty channel never stands for all channels.
 */
interface ReplicationDialect {
    /** What stands for a password in a statement that is shown. */
    String MASKED = "***";

    /** What all servers know by the same name, as {@link PollReader} reads it. */
    String COMMON_VARIABLES = "@@hostname AS hostname, @@port AS port, @@report_host AS report_host,"
            + " @@report_port AS report_port, @@server_id AS server_id, @@version AS version,"
            + " @@version_comment AS version_comment, @@GLOBAL.read_only AS read_only, @@log_bin AS log_bin,"
            + " @@GLOBAL.binlog_format AS binlog_format, @@GLOBAL.binlog_row_image AS binlog_row_image";

    /**
     * The dialect a server understands.
     *
     * @return empty when the server is none we understand
     */
    static Optional<ReplicationDialect> of(ServerVersion version) {
        return switch (version.flavor()) {
            case MYSQL, PERCONA -> MySqlDialect.of(version);
            case MARIADB -> version.isAtLeast(10, 11, 0) ? Optional.of(new MariaDbDialect()) : Optional.empty();
            case UNKNOWN -> Optional.empty();
        };
    }

    /** The words its columns use. */
    ReplicationVocabulary columns();

    /** The global privileges that commands need: one of each list. */
    List<List<String>> privilegesToAct();

    /** The expression of the server's identity. */
    String identity();

    /** The expression of what it has executed. */
    String executedGtids();

    boolean hasSuperReadOnly();

    /** Whether restarting a receiver throws away what was received and not yet applied. */
    boolean receiverRestartDropsRelayLog();

    /** Everything every server of the family answers, in one row; {@link #COMMON_VARIABLES} and what is called otherwise, or is not there. */
    String variables();

    String globalStatus();

    String channels();

    /** The status rows of one channel. */
    String channel(String name);

    String binaryLogStatus();

    /** The replicas that registered with this server. */
    String registeredReplicas();

    /** The threads that send binary logs to replicas: host, command. */
    String dumpThreads(boolean performanceSchema);

    /** All threads: id, user, command. */
    String processList(boolean performanceSchema);

    String group();

    /** Asks of which channels the server keeps user and password; null where it always does. */
    @Nullable
    String storedCredentials();

    /** The semi-sync settings of the sides that are there. */
    String semiSync(SemiSyncNames names);

    /** Asks which client threads hold global or commit locks; null where it cannot be asked. */
    @Nullable
    String globalLockHolders();

    String stopReceiver(String channel);

    String startReceiver(String channel);

    String startApplier(String channel);

    String stopApplier(String channel);

    String stopReplication(String channel);

    String startReplication(String channel);

    /** Waits for transactions; yields one row with one number, 0 for done. */
    String awaitExecuted(GtidSet gtids, Duration timeout);

    /** A SELECT that fails unless the channel's applier runs; null where it cannot be asked. */
    @Nullable
    String requireRunningApplier(String channel);

    /**
     * Changes nothing but host and port. The heartbeat, null for unknown, is said again: servers set it to their default
     * when the host changes.
     */
    List<String> repoint(String channel, InstanceKey source, @Nullable Duration heartbeat, boolean applierRuns);

    /** Asks for all settings of a channel, the account included; null where the server keeps it to itself. */
    @Nullable
    String channelNotes(String name);

    /** Asks how a channel connects, for everyone who may watch; may yield other channels' rows too. */
    String channelOptions(String name);

    /** Configures the default channel in full, by GTID. Contains the password. */
    String configureChannel(InstanceKey source, Credentials credentials, ChannelOptions options);

    /** Makes a server a replica by the statement given, see {@link #configureChannel}. */
    List<String> attach(String configureChannel);

    List<String> resetReplication(String channel);

    String setReadOnly(boolean readOnly);
}
