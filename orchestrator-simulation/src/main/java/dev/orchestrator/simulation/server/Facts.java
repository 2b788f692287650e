package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.channel.StoredCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a poll reads on a simulated server. */
final class Facts {
    private Facts() {}

    static Instance of(SimulatedServer server) {
        ServerSettings settings = server.settings();
        List<ReplicationChannel> channels = new ArrayList<>();
        server.channels().forEach(c -> channels.add(channel(c)));
        List<KnownReplica> replicas = new ArrayList<>();
        for (Stream stream : server.log().streams()) {
            replicas.add(new KnownReplica(
                    stream.replica().key(), stream.replica().settings().uuid(), false));
        }
        return Instance.builder(settings.key(), settings.kind().version())
                .serverUuid(settings.uuid())
                .serverId(Integer.toUnsignedLong(settings.uuid().hashCode()))
                .reportedHostname(settings.key().hostname())
                .reportHost(settings.key().hostname())
                .reportPort(settings.key().port())
                .uptime(Duration.ofNanos(server.uptimeNanos()))
                .readOnly(server.isReadOnly())
                .superReadOnly(server.isReadOnly())
                .superReadOnlySupported(true)
                .binlogEnabled(true)
                .logReplicaUpdates(true)
                .binlogFormat(settings.kind().binlogFormat())
                .binlogFilters(settings.kind().binlogFilters())
                .gtidMode("ON")
                .executedGtids(server.executed())
                .purgedGtids(server.log().purged())
                .channels(channels)
                .replicas(replicas)
                .semiSync(server.semiSync().state())
                .build();
    }

    private static ReplicationChannel channel(Channel channel) {
        return ReplicationChannel.builder(channel.source())
                .name(channel.name())
                .sourceUuid(channel.sourceUuid())
                .receiver(channel.receiver())
                .applier(channel.applier())
                .autoPosition(true)
                .retrievedGtids(channel.retrieved())
                .lag(channel.lag())
                .filters(channel.server().settings().kind().filters())
                .lastReceiverErrno(channel.receiverErrno())
                .lastReceiverError(channel.receiverErrorText())
                .receiverErrorAge(channel.receiverErrorAge())
                .lastApplierErrno(channel.applierError().errno())
                .lastApplierError(channel.applierError().text())
                .user("repl")
                .credentialsStored(StoredCredentials.STORED)
                .build();
    }
}
