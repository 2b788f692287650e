package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.simulation.kind.ServerSettings;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All channels of a server: from whom it replicates, and how that goes. Not thread-safe. */
public final class Replication {
    private final SimulatedServer server;
    // By channel name, as servers list them.
    private final TreeMap<String, Channel> channels = new TreeMap<>();
    private GtidSet dropped = GtidSet.empty();

    private boolean stood;

    Replication(SimulatedServer server) {
        this.server = server;
    }

    List<Channel> channels() {
        return List.copyOf(channels.values());
    }

    @Nullable
    Channel channel(String name) {
        return channels.get(name);
    }

    Channel newChannel(String name, InstanceKey source) {
        Channel channel = new Channel(server, name, source);
        channels.put(name, channel);
        return channel;
    }

    void removeChannel(String name) {
        Channel channel = channels.remove(name);
        if (channel != null) {
            channel.stopReceiver();
            channel.applier().stop();
        }
    }

    /** What is received on all channels, executed or not. */
    GtidSet retrieved() {
        GtidSet all = GtidSet.empty();
        for (Channel channel : channels.values()) {
            all = all.union(channel.retrieved());
        }
        return all;
    }

    boolean isConnectedToOneOf(List<SimulatedServer> sources) {
        return channels.values().stream()
                .anyMatch(c -> c.isConnected()
                        && sources.stream().anyMatch(s -> s.key().equals(c.source())));
    }

    boolean reads(InstanceKey source) {
        return channels.values().stream().anyMatch(c -> c.source().equals(source));
    }

    boolean isLeftStanding() {
        return channels.values().stream().anyMatch(Channel::isLeftStanding);
    }

    /**
     * Whether an applier of it ended at something that it cannot execute.
     *
     * @return true until somebody starts it, and then again
     */
    public boolean isBroken() {
        return channels.values().stream().anyMatch(c -> c.applier().error().errno() != 0);
    }

    /**
     * Whether somebody has stopped it, or the server's configuration file says that it is not to start by itself.
     *
     * @return true until somebody starts it, and again once it was put back as it stood
     */
    public boolean wasLeftStopped() {
        boolean stands = channels.values().stream().allMatch(c -> c.receiver() == ReplicationThreadState.STOPPED);
        return isLeftStanding()
                || (stood && stands)
                || (server.wasRestarted() && server.settings().skipReplicaStart());
    }

    /**
     * Whether a command starts a receiver that stands as somebody, or a restart, has left it.
     *
     * @param command any
     * @return false also when it is about another channel
     */
    public boolean startsWhatStands(InstanceCommand command) {
        String name = null;
        if (command instanceof InstanceCommand.StartReceiver start) {
            name = start.channel();
        } else if (command instanceof InstanceCommand.StartReplication start) {
            name = start.channel();
        }
        Channel channel = name == null ? null : channels.get(name);
        return channel != null && channel.isLeftStanding();
    }

    /**
     * How long after their commit on its source transactions are executed.
     *
     * @return zero when it is not late on purpose
     */
    public Duration delay() {
        return channels.values().stream()
                .map(c -> c.applier().delay())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * Whether a receiver that is started anew throws away what the server has received and not executed, as MariaDB does
     * where its applier stands.
     *
     * @return false when nothing is left to execute
     */
    public boolean restartDrops() {
        return channels.values().stream()
                .anyMatch(c -> !c.applier().isRunning() && !c.pending().isEmpty());
    }

    void dropped(GtidSet gtids) {
        dropped = dropped.union(gtids);
    }

    /**
     * What it had received and thrown away at restarts, as the configuration file says, to ask for it again.
     *
     * @return gone when its source is, too
     */
    public GtidSet dropped() {
        return dropped;
    }

    /** Makes the server a replica whose replication runs, as it is when a world begins. */
    void begin(InstanceKey source) {
        Channel channel = newChannel("", source);
        channel.applier().start();
        channel.startReceiver();
    }

    /** Somebody stops it. */
    public void stand() {
        stood = true;
        channels.values().forEach(Channel::stand);
    }

    /** What kept the appliers is gone. */
    void goOn() {
        channels.values().forEach(c -> c.applier().goOn());
    }

    /** The server's process ends. */
    void crash() {
        channels.values().forEach(Channel::crash);
    }

    /** The server's process starts. */
    void boot() {
        ServerSettings settings = server.settings();
        channels.values().forEach(c -> c.boot(settings.relayLogRecovery(), settings.skipReplicaStart()));
    }
}
