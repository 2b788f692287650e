package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Which channel of a server a procedure is about: the one that read from the server that is replaced. */
final class Channels {
    private Channels() {}

    /** The channel that is to be moved, as it was before anything was done. */
    static Optional<ServerBefore.ChannelBefore> before(State s, InstanceKey key) {
        Fleet fleet = s.servers().fleet();
        InstanceKey primary = fleet.canonical(s.terms().primary());
        Optional<ServerBefore.ChannelBefore> direct = s.terms().before().channelFrom(fleet, key, Set.of(primary));
        boolean reads =
                direct.filter(c -> fleet.canonical(c.source()).equals(primary)).isPresent();
        return reads
                ? direct
                : s.terms()
                        .before()
                        .channelFrom(fleet, key, new HashSet<>(s.terms().replicas()));
    }

    /** The channel that is to be moved, as it is believed to be. */
    static Optional<ReplicationChannel> moved(State s, InstanceKey key) {
        Optional<Instance> server = s.servers().fleet().instance(key);
        Optional<ServerBefore.ChannelBefore> before = before(s, key);
        return server.flatMap(i -> before.flatMap(b -> i.channels().stream()
                        .filter(c -> c.name().equals(b.name()))
                        .findFirst())
                .or(i::mainChannel));
    }

    /** Whether a channel reads from a server, by whatever name. */
    static boolean readsFrom(State s, ReplicationChannel channel, Instance source) {
        Fleet fleet = s.servers().fleet();
        return fleet.canonical(channel.source()).equals(fleet.canonical(source.key()))
                || (!source.serverUuid().isEmpty() && source.serverUuid().equals(channel.sourceUuid()));
    }

    static boolean isStopped(ReplicationChannel channel) {
        return channel.receiver() == ReplicationThreadState.STOPPED
                || channel.receiver() == ReplicationThreadState.NONE;
    }
}
