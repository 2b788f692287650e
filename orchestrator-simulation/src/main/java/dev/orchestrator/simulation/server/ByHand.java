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
     * @param source whom it replicates from then, on its default channel
     */
    public void replicateFrom(InstanceKey source) {
        server.setReadOnly(true);
        Channel channel = server.channel("");
        if (channel == null) {
            channel = server.newChannel("", source);
        }
        channel.startApplier();
        channel.stopReceiver();
        channel.pointTo(source);
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
}
