package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.ServerBefore;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How the servers of a procedure were before anything was done to them.
 *
 * @param servers one entry each
 */
public record Before(List<ServerBefore> servers) {
    /** Copies the list. */
    public Before {
        servers = List.copyOf(servers);
    }

    /**
     * As a snapshot shows them.
     *
     * @param fleet the snapshot
     * @param keys the servers
     * @return those of them that were ever read
     */
    public static Before of(Fleet fleet, Collection<InstanceKey> keys) {
        return new Before(keys.stream()
                .distinct()
                .flatMap(k -> fleet.instance(k).stream())
                .map(ServerBefore::of)
                .toList());
    }

    /**
     * How one server was.
     *
     * @param key the server
     * @return empty when it was never read
     */
    public Optional<ServerBefore> of(InstanceKey key) {
        for (ServerBefore server : servers) {
            if (server.key().equals(key)) {
                return Optional.of(server);
            }
        }
        return Optional.empty();
    }

    /**
     * The channel by which a server read from one of others.
     *
     * @param fleet knows the servers by their further names
     * @param key the server
     * @param sources the others
     * @return the channel that did, else the one the topology is drawn by
     */
    public Optional<ServerBefore.ChannelBefore> channelFrom(Fleet fleet, InstanceKey key, Set<InstanceKey> sources) {
        List<ServerBefore.ChannelBefore> channels =
                of(key).map(ServerBefore::channels).orElse(List.of());
        return first(channels, c -> sources.contains(fleet.canonical(c.source())))
                .or(() -> first(channels, c -> c.name().isEmpty()))
                .or(() -> first(channels, c -> true));
    }

    private static Optional<ServerBefore.ChannelBefore> first(
            List<ServerBefore.ChannelBefore> channels, Predicate<ServerBefore.ChannelBefore> which) {
        for (ServerBefore.ChannelBefore channel : channels) {
            if (which.test(channel)) {
                return Optional.of(channel);
            }
        }
        return Optional.empty();
    }
}
