package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.InstanceKey;

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
        Channel channel = server.channels().stream()
                .filter(c -> !server.servers().isOutside(c.source()))
                .findFirst()
                .orElseGet(() -> server.newChannel("", source));
        channel.startApplier();
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
        Channel stopped = server.channel(channel);
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
        server.newChannel(name, source);
    }

    /**
     * It reads from a second source: both channels are named, and run.
     *
     * @param own the name of the channel that it has
     * @param other the name of the channel that it gets
     * @param source whom that reads from
     */
    public void alsoReplicateFrom(String own, String other, InstanceKey source) {
        Channel before = server.channel("");
        if (before != null) {
            server.removeChannel("");
            start(server.newChannel(own, before.source()));
        }
        start(server.newChannel(other, source));
    }

    private static void start(Channel channel) {
        channel.startApplier();
        channel.startReceiver();
    }

    /** RESET REPLICA ALL on each channel. */
    public void detach() {
        server.channels().forEach(c -> server.removeChannel(c.name()));
    }

    /** Its semi-sync sides are set as a source needs them, or a replica. */
    public void setSemiSync(boolean source) {
        ServerSettings settings = server.settings();
        boolean used = settings.semiSyncSource() || settings.semiSyncReplica();
        if (used) {
            server.semiSync().set(source, !source);
        }
    }

    /** PURGE BINARY LOGS up to the last one, which is empty. */
    public void purgeBinaryLogs() {
        server.log().purge();
    }
}
