package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.channel.StoredCredentials;
import dev.orchestrator.simulation.kind.ServerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a poll reads on a simulated server. */
final class Facts {
    private Facts() {}

    static Instance of(SimulatedServer server) {
        ServerSettings settings = server.settings();
        List<ReplicationChannel> channels = new ArrayList<>();
        server.replication().channels().forEach(c -> channels.add(channel(c)));
        List<KnownReplica> replicas = new ArrayList<>();
        for (Stream stream : server.log().streams()) {
            replicas.add(new KnownReplica(
                    stream.replica().key(), stream.replica().settings().uuid(), false));
        }
        boolean mariaDb = settings.kind().isMariaDb();
        return Instance.builder(settings.key(), settings.kind().version())
                .serverUuid(settings.uuid())
                .serverId(Integer.toUnsignedLong(settings.uuid().hashCode()))
                .reportedHostname(settings.key().hostname())
                .reportHost(settings.key().hostname())
                .reportPort(settings.key().port())
                .uptime(Duration.ofNanos(server.uptimeNanos()))
                .readOnly(server.isReadOnly())
                .superReadOnly(server.isReadOnly() && !mariaDb)
                .superReadOnlySupported(!mariaDb)
                .binlogEnabled(true)
                .logReplicaUpdates(true)
                .binlogFormat(settings.kind().binlogFormat())
                .binlogFilters(settings.kind().binlogFilters())
                .gtidMode(mariaDb ? "" : "ON")
                .executedGtids(mariaDb ? Positions.of(server, server.executed()) : server.executed())
                .purgedGtids(mariaDb ? GtidSet.empty() : server.log().purged())
                .channels(channels)
                .replicas(replicas)
                .semiSync(server.semiSync().state())
                .build();
    }

    private static ReplicationChannel channel(Channel channel) {
        SimulatedServer server = channel.server();
        boolean mariaDb = server.settings().kind().isMariaDb();
        GtidSet received = server.executed().union(channel.retrieved());
        return ReplicationChannel.builder(channel.source())
                .name(channel.name())
                .sourceUuid(mariaDb ? null : channel.sourceUuid())
                .receiver(channel.receiver())
                .applier(channel.applier().state())
                .autoPosition(!mariaDb)
                .mariaDbGtid(mariaDb)
                .retrievedGtids(mariaDb ? Positions.of(server, received) : channel.retrieved())
                .lag(channel.lag())
                .configuredDelay(channel.applier().delay())
                .filters(channel.server().settings().kind().filters())
                .lastReceiverErrno(channel.receiverErrno())
                .lastReceiverError(channel.receiverErrorText())
                .receiverErrorAge(mariaDb ? null : channel.receiverErrorAge())
                .lastApplierErrno(channel.applier().error().errno())
                .lastApplierError(channel.applier().error().text())
                .user("repl")
                .credentialsStored(StoredCredentials.STORED)
                .build();
    }
}
