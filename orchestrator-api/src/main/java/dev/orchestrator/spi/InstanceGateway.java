package dev.orchestrator.spi;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.plan.InstanceCommand;
import java.time.Duration;
import java.util.Optional;

/**
 * The way to the monitored servers: polls, commands and sentinels. Thread-safe; calls for different servers do not wait
 * for each other.
 */
public interface InstanceGateway extends AutoCloseable {
    /**
     * Reads a server, in one round trip on a held connection. Blocks, at most as long as given.
     *
     * @param key the server
     * @param deadline the whole time the poll may take, connecting included
     * @return the facts or the reason why there are none; never an exception for what a server does
     */
    Observation probe(InstanceKey key, Duration deadline);

    /**
     * Tells a server to do something. Blocks until it is done, refused, failed or out of time.
     *
     * @param key the server
     * @param guard the condition checked on the server, in the same batch as the command
     * @param command what to do
     * @param timeout how long it may take; cut to the guard's deadline
     * @return true when done; false when a command that waits ran out of time without a failure
     * @throws dev.orchestrator.api.OrchestratorException with {@code GUARD_REFUSED} when the guard was false,
     *     {@code INSTANCE_UNREACHABLE} when the server cannot be reached or the answer did not come in time (the
     *     command may then have been carried out), {@code COMMAND_FAILED} when the server refused it
     */
    boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout);

    /**
     * Reads how a replica's receiver connects to its source, and the account it does so with. Changes nothing.
     *
     * @param key the replica
     * @param channel the channel, empty for the default one
     * @param timeout how long it may take
     * @return empty when there is no such channel, or the server does not hold its settings where they can be read
     * @throws dev.orchestrator.api.OrchestratorException with {@code INSTANCE_UNREACHABLE} when the server cannot be
     *     reached, {@code COMMAND_FAILED} when it does not let us read them
     */
    default Optional<ChannelSettings> channelSettings(InstanceKey key, String channel, Duration timeout) {
        return Optional.empty();
    }

    /**
     * Holds a wait on a server, so that its crash is felt at once. The wait is renewed until closed.
     *
     * @param key the server
     * @param listener told on a thread of the gateway; must not block
     * @return a handle that ends the watch
     */
    Watch watch(InstanceKey key, SentinelListener listener);

    /**
     * Closes what is held for a server. The next call opens it again.
     *
     * @param key the server
     */
    void release(InstanceKey key);

    @Override
    void close();

    /** A running watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
