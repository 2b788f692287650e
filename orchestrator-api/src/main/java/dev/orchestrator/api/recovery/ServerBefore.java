package dev.orchestrator.api.recovery;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a server was before a recovery or a switchover stopped or demoted it. Written down before it is touched: only what
 * stands here is undone, by whoever does it.
 *
 * @param key the server
 * @param serverUuid its identity
 * @param readOnly whether it was read-only
 * @param superReadOnly whether it was super-read-only
 * @param eventScheduler what its event scheduler was set to, such as {@code ON}; null when that was not read
 * @param semiSyncSource whether its semi-sync source side was on
 * @param semiSyncReplica whether its semi-sync replica side was on
 * @param channels its replication channels
 */
public record ServerBefore(
        InstanceKey key,
        String serverUuid,
        boolean readOnly,
        boolean superReadOnly,
        @Nullable String eventScheduler,
        boolean semiSyncSource,
        boolean semiSyncReplica,
        List<ChannelBefore> channels) {
    /** Checks what must be there, and copies the channels. */
    public ServerBefore {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(serverUuid, "serverUuid");
        channels = List.copyOf(channels);
    }

    /**
     * A server as it was last read.
     *
     * @param instance the reading
     * @return what is to be written down
     */
    public static ServerBefore of(Instance instance) {
        return new ServerBefore(
                instance.key(),
                instance.serverUuid(),
                instance.readOnly(),
                instance.superReadOnly(),
                null,
                instance.semiSync().sourceEnabled(),
                instance.semiSync().replicaEnabled(),
                instance.channels().stream().map(ChannelBefore::of).toList());
    }

    /**
     * One of its channels.
     *
     * @param name the channel's name
     * @return empty when it had no such channel
     */
    public Optional<ChannelBefore> channel(String name) {
        return channels.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /**
     * How a replication channel was.
     *
     * @param name its name, empty for the default channel
     * @param source where it read from, as the server names it
     * @param autoPosition whether its position was found by GTIDs, MySQL's or MariaDB's
     */
    public record ChannelBefore(
            String name,
            InstanceKey source,
            boolean autoPosition,
            ReplicationThreadState receiver,
            ReplicationThreadState applier) {
        /**
         * A channel as it was last read.
         *
         * @param channel the reading
         * @return what is to be written down
         */
        public static ChannelBefore of(ReplicationChannel channel) {
            return new ChannelBefore(
                    channel.name(),
                    channel.source(),
                    channel.autoPosition() || channel.mariaDbGtid(),
                    channel.receiver(),
                    channel.applier());
        }

        /**
         * Whether the receiver was meant to run: who stops it starts it again.
         *
         * @return true when it ran or tried to connect
         */
        public boolean receiverRan() {
            return receiver == ReplicationThreadState.RUNNING || receiver == ReplicationThreadState.CONNECTING;
        }

        /**
         * Whether the applier ran.
         *
         * @return true when it ran
         */
        public boolean applierRan() {
            return applier == ReplicationThreadState.RUNNING;
        }
    }
}
