package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.model.channel.Credentials;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits for a receiver to connect, and says all that is needed to find out why it does not. */
final class ReceiverWait {
    private static final String PAUSE = "DO SLEEP(0.05)";
    /** A receiver that was just started may still show the error it had before. */
    private static final Duration PERSISTS = Duration.ofMillis(500);

    private final InstanceKey key;
    private final CommandConnection connection;
    private final Deadline deadline;

    ReceiverWait(InstanceKey key, CommandConnection connection, Deadline deadline) {
        this.key = key;
        this.connection = connection;
        this.deadline = deadline;
    }

    /** Looks at the channel. */
    interface Look {
        ReplicationChannel channel() throws SQLException;
    }

    /** True when it is connected, false when the time ran out before anything went wrong. */
    boolean await(Look look) throws SQLException {
        long spare = Math.min(250, deadline.remainingMillis() / 4);
        long failingSince = 0;
        while (true) {
            ReplicationChannel channel = look.channel();
            if (channel.receiver() == ReplicationThreadState.RUNNING) {
                return true;
            }
            boolean failing = channel.lastReceiverErrno() != 0 || channel.receiver() == ReplicationThreadState.STOPPED;
            long now = deadline.ticker().nanos();
            failingSince = !failing ? 0 : failingSince == 0 ? now : failingSince;
            boolean over = deadline.remainingMillis() <= spare;
            if (failing && (over || now - failingSince >= PERSISTS.toNanos())) {
                throw failed(channel);
            }
            if (over) {
                return false;
            }
            connection.read(PAUSE + "; SELECT 1", deadline, results -> true);
        }
    }

    private OrchestratorException failed(ReplicationChannel channel) throws SQLException {
        ChannelOptions options = new ChannelSettingsReader(key, connection, deadline)
                .withoutAccount(channel.name())
                .map(ChannelSettings::options)
                .orElse(null);
        String said = channel.lastReceiverErrno() == 0
                ? "it gives no reason"
                : "error " + channel.lastReceiverErrno() + ": " + channel.lastReceiverError();
        return new OrchestratorException(
                ErrorCode.COMMAND_FAILED,
                "the receiver of " + key + " cannot connect to " + channel.source() + " (it is "
                        + channel.receiver() + "): " + said + made(channel, options)
                        + "; check the account and its requirements there, and that the files named exist on " + key);
    }

    private String made(ReplicationChannel channel, @Nullable ChannelOptions options) {
        if (options == null) {
            return "";
        }
        Credentials shown = new Credentials(channel.user(), ReplicationDialect.MASKED);
        return "; its channel is as made by " + connection.dialect().configureChannel(channel.source(), shown, options)
                + "; options: " + options.describe();
    }
}
