package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Reads a channel's settings from the server's own notes, and the account from where the operator says. MySQL lets the account be read where it keeps its notes in a
 * table and we have the grant; MariaDB keeps them in a file that nobody can ask for, and shows only the options.
 */
final class ChannelSettingsReader {
    private final InstanceKey key;
    private final CommandConnection connection;
    private final Deadline deadline;

    ChannelSettingsReader(InstanceKey key, CommandConnection connection, Deadline deadline) {
        this.key = key;
        this.connection = connection;
        this.deadline = deadline;
    }

    /**
     * Account and options.
     *
     * @param accountQuery the operator's query for the account, empty for none
     */
    Optional<ChannelSettings> read(String channel, String accountQuery) {
        String notes = connection.dialect().channelNotes(channel);
        try {
            if (!accountQuery.isEmpty()) {
                Optional<ChannelSettings> options = withoutAccount(channel);
                return options.isEmpty() ? options : withAccount(options.get(), accountQuery);
            }
            Optional<ChannelSettings> noted = notes == null ? Optional.empty() : query(notes, channel);
            return noted.isPresent() ? noted : withoutAccount(channel);
        } catch (SQLException e) {
            throw new OrchestratorException(
                    Failures.isRefusal(e) ? ErrorCode.COMMAND_FAILED : ErrorCode.INSTANCE_UNREACHABLE,
                    "cannot read the settings of replication channel '" + channel + "' of " + key + ": "
                            + Failures.rootMessage(e),
                    e);
        }
    }

    /** The options alone, which need no grant on the notes. */
    Optional<ChannelSettings> withoutAccount(String channel) throws SQLException {
        return query(connection.dialect().channelOptions(channel), channel);
    }

    private Optional<ChannelSettings> withAccount(ChannelSettings channel, String accountQuery) throws SQLException {
        return connection.read(accountQuery, deadline, results -> {
            ResultSet row = results.next();
            return row.next() ? Optional.of(ChannelSettingsRow.withAccount(channel, row)) : Optional.of(channel);
        });
    }

    private Optional<ChannelSettings> query(String sql, String channel) throws SQLException {
        return connection.read(sql, deadline, results -> {
            ResultSet rows = results.next();
            ChannelSettingsRow row = new ChannelSettingsRow(rows);
            while (rows.next()) {
                if (row.isOf(channel)) {
                    return Optional.of(new ChannelSettings(row.credentials(), row.options()));
                }
            }
            return Optional.<ChannelSettings>empty();
        });
    }
}
