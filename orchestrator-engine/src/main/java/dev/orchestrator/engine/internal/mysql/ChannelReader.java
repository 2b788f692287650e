package dev.orchestrator.engine.internal.mysql;

import static dev.orchestrator.api.model.channel.BinlogCoordinates.Type.BINARY;
import static dev.orchestrator.api.model.channel.BinlogCoordinates.Type.RELAY;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.model.channel.StoredCredentials;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one row of a channel's status, by column names of either vocabulary. */
final class ChannelReader {
    private static final List<String> FILTERS = List.of(
            "replicate_do_db",
            "replicate_ignore_db",
            "replicate_do_table",
            "replicate_ignore_table",
            "replicate_wild_do_table",
            "replicate_wild_ignore_table",
            "replicate_rewrite_db",
            "replicate_do_domain_ids",
            "replicate_ignore_domain_ids");
    /** What the predecessor put before a host name to detach a replica reversibly. */
    private static final String DETACHED = "//";

    private static final DateTimeFormatter ERROR_TIME = DateTimeFormatter.ofPattern("yyMMdd HH:mm:ss", Locale.ROOT);

    private final ResultSet row;
    private final String source;
    private final String replica;
    private final Set<String> columns = new HashSet<>();

    ChannelReader(ResultSet row, ReplicationVocabulary words) throws SQLException {
        this.row = row;
        this.source = words.source();
        this.replica = words.replica();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            columns.add(row.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT));
        }
    }

    /** All channels of the result that have a source; what is wrong with one of them is told to the list of limitations. */
    static void readAll(ResultSet rows, ReplicationVocabulary words, GtidCache gtids, PollFacts facts)
            throws SQLException {
        ChannelReader reader = null;
        while (rows.next()) {
            if (reader == null) {
                reader = new ChannelReader(rows, words);
            }
            ReplicationChannel channel = reader.read(gtids, facts.limitations);
            if (channel != null) {
                facts.channels.add(channel.toBuilder()
                        .receiverErrorAge(reader.errorAge(facts.systemTime))
                        .build());
            }
        }
    }

    /** The channel of the present row; null when it has no source, as a group's own channels. */
    @Nullable
    ReplicationChannel read(GtidCache gtids, List<String> limitations) throws SQLException {
        String host = text(source + "_host");
        boolean detached = host.startsWith(DETACHED);
        if (detached) {
            limitations.add("its source is detached: " + host);
            host = host.substring(DETACHED.length());
        }
        String name = text(columns.contains("connection_name") ? "connection_name" : "channel_name");
        int port = (int) number(source + "_port");
        if (host.isEmpty() || host.equals("<NULL>") || port == 0 || name.startsWith("group_replication_")) {
            return null;
        }
        boolean mariaDbGtid =
                columns.contains("using_gtid") && !text("using_gtid").equalsIgnoreCase("No");
        return ReplicationChannel.builder(new InstanceKey(host, port))
                .name(name)
                .sourceUuid(nullIfEmpty(text(source + "_uuid")))
                .receiver(state(replica + "_io_running"))
                .applier(state(replica + "_sql_running"))
                .autoPosition(number("auto_position") != 0)
                .mariaDbGtid(mariaDbGtid)
                .readCoordinates(coordinates(source + "_log_file", "read_" + source + "_log_pos", BINARY))
                .executedCoordinates(
                        coordinates("relay_" + source + "_log_file", "exec_" + source + "_log_pos", BINARY))
                .relayCoordinates(coordinates("relay_log_file", "relay_log_pos", RELAY))
                .retrievedGtids(retrieved(name, mariaDbGtid, gtids))
                .lag(seconds("seconds_behind_" + source))
                .configuredDelay(Duration.ofSeconds(number("sql_delay")))
                .filters(filters())
                .lastReceiverErrno((int) number("last_io_errno"))
                .lastReceiverError(text("last_io_error"))
                .lastApplierErrno((int) number("last_sql_errno"))
                .lastApplierError(text("last_sql_error"))
                .user(text(source + "_user"))
                .detached(detached)
                .credentialsStored(credentialsStored())
                .build();
    }

    /** MariaDB, which alone has this column, starts no receiver with an account that it does not keep. */
    private StoredCredentials credentialsStored() throws SQLException {
        if (!columns.contains("using_gtid")) {
            return StoredCredentials.UNKNOWN;
        }
        return text(source + "_user").isEmpty() ? StoredCredentials.MISSING : StoredCredentials.STORED;
    }

    /** Only MySQL tells when, in the time zone of its machine and to the second, which is rounded to the older. */
    private @Nullable Duration errorAge(@Nullable LocalDateTime systemTime) throws SQLException {
        String at = text("last_io_error_timestamp");
        if (systemTime == null || at.isBlank() || number("last_io_errno") == 0) {
            return null;
        }
        Duration age = Duration.between(LocalDateTime.parse(at.strip(), ERROR_TIME), systemTime);
        return age.isNegative() ? null : age;
    }

    private GtidSet retrieved(String channel, boolean mariaDbGtid, GtidCache gtids) throws SQLException {
        String column = mariaDbGtid ? "gtid_io_pos" : "retrieved_gtid_set";
        return gtids.read("retrieved " + channel, text(column));
    }

    private List<String> filters() throws SQLException {
        List<String> filters = new ArrayList<>();
        for (String column : FILTERS) {
            filters.addAll(filters(column.replace('_', '-'), text(column)));
        }
        return filters;
    }

    /** One filter for each name of a list, as the server's options say them; pairs and numbers are kept together. */
    static List<String> filters(String option, String value) {
        if (value.isBlank()) {
            return List.of();
        }
        boolean names = option.endsWith("-db") && !option.contains("rewrite") || option.endsWith("-table");
        return Stream.of(names ? value.split(",") : new String[] {value})
                .map(name -> option + "=" + name.strip())
                .toList();
    }

    private ReplicationThreadState state(String column) throws SQLException {
        return switch (text(column)) {
            case "Yes" -> ReplicationThreadState.RUNNING;
            case "Connecting", "Preparing" -> ReplicationThreadState.CONNECTING;
            default -> ReplicationThreadState.STOPPED;
        };
    }

    private @Nullable BinlogCoordinates coordinates(String file, String position, BinlogCoordinates.Type type)
            throws SQLException {
        String name = text(file);
        return name.isBlank() ? null : new BinlogCoordinates(name, number(position), type);
    }

    private @Nullable Duration seconds(String column) throws SQLException {
        String value = columns.contains(column) ? row.getString(column) : null;
        return value == null ? null : Duration.ofSeconds(Math.max(0, Long.parseLong(value)));
    }

    private long number(String column) throws SQLException {
        String value = text(column);
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    /** Empty for NULL and for a column this server does not have. */
    private String text(String column) throws SQLException {
        String value = columns.contains(column) ? row.getString(column) : null;
        return value == null ? "" : value;
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
