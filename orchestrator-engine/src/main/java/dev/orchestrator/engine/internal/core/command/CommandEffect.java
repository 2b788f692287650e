package dev.orchestrator.engine.internal.core.command;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationChannelBuilder;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.plan.InstanceCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a server's facts are right after it has carried out a command, before anything else happens to it: a receiver that
 * was started has not found its source yet.
 */
public final class CommandEffect {
    private CommandEffect() {}

    /**
     * The facts after a command.
     *
     * @param before the facts before it
     * @param command what the server has done
     * @return the facts after it
     */
    public static Instance after(Instance before, InstanceCommand command) {
        return command.match(new Effects(before));
    }

    /** Each on the facts before it. */
    private record Effects(Instance before) implements InstanceCommand.Cases<Instance, RuntimeException> {
        @Override
        public Instance stopReceiver(InstanceCommand.StopReceiver c) {
            return channel(before, c.channel(), CommandEffect::receiverStopped);
        }

        @Override
        public Instance startReceiver(InstanceCommand.StartReceiver c) {
            return channel(before, c.channel(), CommandEffect::receiverStarted);
        }

        @Override
        public Instance restartReceiver(InstanceCommand.RestartReceiver c) {
            return channel(before, c.channel(), CommandEffect::receiverStarted);
        }

        @Override
        public Instance startApplier(InstanceCommand.StartApplier c) {
            return channel(before, c.channel(), b -> b.applier(ReplicationThreadState.RUNNING));
        }

        @Override
        public Instance stopReplication(InstanceCommand.StopReplication c) {
            return channel(before, c.channel(), b -> receiverStopped(b).applier(ReplicationThreadState.STOPPED));
        }

        @Override
        public Instance startReplication(InstanceCommand.StartReplication c) {
            return channel(before, c.channel(), b -> receiverStarted(b).applier(ReplicationThreadState.RUNNING));
        }

        @Override
        public Instance repoint(InstanceCommand.Repoint c) {
            return channel(before, c.channel(), b -> pointedAt(b, c.source()));
        }

        @Override
        public Instance attachTo(InstanceCommand.AttachTo c) {
            return attached(before, c.source());
        }

        @Override
        public Instance resetReplication(InstanceCommand.ResetReplication c) {
            return before.toBuilder()
                    .channels(before.channels().stream()
                            .filter(ch -> !ch.name().equals(c.channel()))
                            .toList())
                    .build();
        }

        @Override
        public Instance awaitExecuted(InstanceCommand.AwaitExecuted c) {
            return before.toBuilder()
                    .executedGtids(before.executedGtids().union(c.gtids()))
                    .build();
        }

        @Override
        public Instance setReadOnly(InstanceCommand.SetReadOnly c) {
            return before.toBuilder()
                    .readOnly(c.readOnly())
                    .superReadOnly(c.readOnly() && before.superReadOnlySupported())
                    .build();
        }

        @Override
        public Instance setSemiSync(InstanceCommand.SetSemiSync c) {
            return before.toBuilder().semiSync(semiSync(before.semiSync(), c)).build();
        }

        @Override
        public Instance awaitReceiver(InstanceCommand.AwaitReceiver c) {
            return before;
        }

        @Override
        public Instance killClients(InstanceCommand.KillClients c) {
            return before;
        }
    }

    private static Instance channel(Instance before, String name, UnaryOperator<ReplicationChannelBuilder> change) {
        List<ReplicationChannel> channels = new ArrayList<>();
        for (ReplicationChannel channel : before.channels()) {
            boolean meant = channel.name().equals(name);
            channels.add(meant ? change.apply(channel.toBuilder()).build() : channel);
        }
        return before.toBuilder().channels(channels).build();
    }

    private static ReplicationChannelBuilder receiverStopped(ReplicationChannelBuilder channel) {
        return channel.receiver(ReplicationThreadState.STOPPED);
    }

    private static ReplicationChannelBuilder receiverStarted(ReplicationChannelBuilder channel) {
        return channel.receiver(ReplicationThreadState.CONNECTING);
    }

    private static ReplicationChannelBuilder pointedAt(ReplicationChannelBuilder channel, InstanceKey source) {
        ReplicationChannel before = channel.build();
        ReplicationChannelBuilder after = ReplicationChannel.builder(source)
                .name(before.name())
                .autoPosition(before.autoPosition())
                .mariaDbGtid(before.mariaDbGtid())
                .receiver(ReplicationThreadState.STOPPED)
                .applier(before.applier())
                .retrievedGtids(before.retrievedGtids())
                .configuredDelay(before.configuredDelay())
                .filters(before.filters())
                .lastApplierErrno(before.lastApplierErrno())
                .lastApplierError(before.lastApplierError())
                .user(before.user())
                .credentialsStored(before.credentialsStored());
        return after;
    }

    private static Instance attached(Instance before, InstanceKey source) {
        ReplicationChannel channel = ReplicationChannel.builder(source)
                .autoPosition(!before.executedGtids().isMariaDb())
                .mariaDbGtid(before.executedGtids().isMariaDb())
                .receiver(ReplicationThreadState.STOPPED)
                .applier(ReplicationThreadState.STOPPED)
                .retrievedGtids(GtidSet.empty())
                .build();
        return before.toBuilder().channels(List.of(channel)).build();
    }

    private static SemiSyncState semiSync(SemiSyncState before, InstanceCommand.SetSemiSync set) {
        if (!before.available()) {
            return before;
        }
        return new SemiSyncState(
                true,
                set.source(),
                set.source() && before.sourceActive(),
                set.replica(),
                set.replica() && before.replicaActive(),
                before.waitForReplicas(),
                before.timeout(),
                before.clients());
    }
}
