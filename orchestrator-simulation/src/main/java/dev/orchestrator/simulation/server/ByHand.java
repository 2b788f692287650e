package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.kind.ReplicationError;
import dev.orchestrator.simulation.kind.ServerSettings;
import java.time.Duration;

/** What people do on a server themselves, past every service: it is done at once, and nobody is told. */
public final class ByHand {
    private final SimulatedServer server;

    /**
     * Hands on a server.
     *
     * @param server one that runs
     */
    public ByHand(SimulatedServer server) {
        this.server = server;
    }

    /**
     * SET GLOBAL read_only.
     *
     * @param readOnly on or off
     */
    public void setReadOnly(boolean readOnly) {
        server.setReadOnly(readOnly);
    }

    /**
     * CHANGE REPLICATION SOURCE, the applier running, and START REPLICA.
     *
     * @param source whom it replicates from then, on its channel within the cluster, else on its default channel
     */
    public void replicateFrom(InstanceKey source) {
        server.setReadOnly(true);
        Channel channel = server.replication().channels().stream()
                .filter(c -> !server.servers().isOutside(c.source()))
                .findFirst()
                .orElseGet(() -> server.replication().newChannel("", source));
        channel.applier().start();
        channel.stopReceiver();
        channel.pointTo(source);
        channel.startReceiver();
    }

    /**
     * Somebody has stopped a channel, or is about to, and means it.
     *
     * @param channel its name
     */
    public void leaveStanding(String channel) {
        Channel stopped = server.replication().channel(channel);
        if (stopped != null) {
            stopped.leaveStanding();
        }
    }

    /**
     * A channel of the time before it was the primary stays, switched off.
     *
     * @param name the channel's
     * @param source whom it read from
     */
    public void leaveChannel(String name, InstanceKey source) {
        server.replication().newChannel(name, source);
    }

    /**
     * It reads from a second source: both channels are named, and run.
     *
     * @param own the name of the channel that it has
     * @param other the name of the channel that it gets
     * @param source whom that reads from
     */
    public void alsoReplicateFrom(String own, String other, InstanceKey source) {
        Channel before = server.replication().channel("");
        if (before != null) {
            server.replication().removeChannel("");
            start(server.replication().newChannel(own, before.source()));
        }
        start(server.replication().newChannel(other, source));
    }

    private static void start(Channel channel) {
        channel.applier().start();
        channel.startReceiver();
    }

    /**
     * Somebody writes a row though it replicates: the next transaction of its source meets that row.
     *
     * @param met what its applier ends with then
     * @param logged whether the write is logged, as a transaction of the server's own
     * @return the transaction, empty when it was not logged
     */
    public GtidSet write(ReplicationError met, boolean logged) {
        server.conflicts().arise(met);
        if (!logged) {
            return GtidSet.empty();
        }
        GtidSet gtid = server.log().write();
        server.log().commit(gtid);
        server.progressed();
        return gtid;
    }

    /**
     * CHANGE REPLICATION SOURCE TO SOURCE_DELAY, the applier being stopped for that moment.
     *
     * @param delay how long after its commit on the source a transaction is executed
     */
    public void delay(Duration delay) {
        server.replication().channels().forEach(c -> c.applier().delay(delay));
    }

    /** RESET REPLICA ALL on each channel. */
    public void detach() {
        server.replication().channels().forEach(c -> server.replication().removeChannel(c.name()));
    }

    /** PURGE BINARY LOGS up to the last one, which is empty. */
    public void purgeBinaryLogs() {
        server.log().purge();
    }

    /** Its semi-sync sides are set as a source needs them, or a replica. */
    public void setSemiSync(boolean source) {
        ServerSettings settings = server.settings();
        boolean used = settings.semiSyncSource() || settings.semiSyncReplica();
        if (used) {
            server.semiSync().set(source, !source);
        }
    }
}
