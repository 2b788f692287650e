package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.Optional;

/**
 * How the channel that a procedure is about gets back to how it was: what was moved is pointed back, by the name that its
 * server had for the source; what ran is started, and a receiver that stood still is stopped.
 */
final class ChannelsBack {
    private ChannelsBack() {}

    /** What the server is to be told now; empty when its channel is as it was. */
    static Optional<InstanceCommand> next(State s, Instance server) {
        ServerBefore.ChannelBefore was = Channels.before(s, server.key()).orElse(null);
        // Who was told nothing here, and reads from whom it read before, was started by somebody else.
        boolean started = s.servers().wasTold(server.key());
        return was == null ? Optional.empty() : now(server, was).flatMap(now -> next(now, was, started));
    }

    private static Optional<ReplicationChannel> now(Instance server, ServerBefore.ChannelBefore was) {
        return server.channels().stream()
                .filter(c -> c.name().equals(was.name()))
                .findFirst();
    }

    private static Optional<InstanceCommand> next(
            ReplicationChannel now, ServerBefore.ChannelBefore was, boolean started) {
        boolean moved = !now.source().equals(was.source());
        if (!Channels.isStopped(now) && (moved || (started && !was.receiverRan()))) {
            return Optional.of(new InstanceCommand.StopReceiver(now.name()));
        }
        if (moved) {
            return Optional.of(new InstanceCommand.Repoint(now.name(), was.source()));
        }
        return was.receiverRan() && Channels.isStopped(now)
                ? Optional.of(new InstanceCommand.StartReceiver(now.name()))
                : Optional.empty();
    }

    /**
     * What is not put back, for people. An applier that was started is not stopped again: it may wait for a lock, and a stop
     * that is carried out late would stand against whoever starts it next.
     */
    static Optional<String> leftRunning(State s, Instance server) {
        return Channels.before(s, server.key())
                .filter(was -> !was.applierRan())
                .flatMap(was -> now(server, was))
                .filter(now -> now.applier() == ReplicationThreadState.RUNNING)
                .map(now -> "its applier, which stood still before, was started and runs on");
    }

    /** Why the channel cannot get back to how it was; empty when it can. */
    static String lost(State s, Instance server) {
        return Channels.before(s, server.key())
                .filter(was -> now(server, was).isEmpty())
                .map(was -> "does not know any more that it read from " + was.source())
                .orElse("");
    }
}
