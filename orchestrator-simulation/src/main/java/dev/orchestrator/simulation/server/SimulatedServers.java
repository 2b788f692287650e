package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.kind.ServerSettings;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** All servers of a world. */
public final class SimulatedServers {
    private final EventQueue events;
    private final Dice dice;
    private final Network network;
    private final Map<InstanceKey, SimulatedServer> all = new LinkedHashMap<>();
    private final Schemas schemas = new Schemas();
    private final List<BiConsumer<SimulatedServer, SentCommand>> carryOut = new ArrayList<>();
    private final Map<InstanceKey, SimulatedServer> outside = new LinkedHashMap<>();
    private long changes;

    /**
     * No servers.
     *
     * @param events time
     * @param dice chance
     * @param network the ways between them
     */
    public SimulatedServers(EventQueue events, Dice dice, Network network) {
        this.events = events;
        this.dice = dice;
        this.network = network;
    }

    /**
     * A server more, which runs.
     *
     * @param settings what it is
     * @return the server
     */
    public SimulatedServer add(ServerSettings settings) {
        SimulatedServer server = new SimulatedServer(events, dice, network, this, settings);
        all.put(settings.key(), server);
        return server;
    }

    /**
     * A server more, which runs and is of another cluster: nothing ever goes wrong with it.
     *
     * @param settings what it is
     * @return the server
     */
    public SimulatedServer addOutside(ServerSettings settings) {
        SimulatedServer server = new SimulatedServer(events, dice, network, this, settings);
        outside.put(settings.key(), server);
        return server;
    }

    /**
     * Those of other clusters.
     *
     * @return in the order in which they were added
     */
    public Collection<SimulatedServer> outside() {
        return outside.values();
    }

    /**
     * Whether one is of another cluster.
     *
     * @param key its host and port
     * @return false when nobody ever listened there
     */
    public boolean isOutside(InstanceKey key) {
        return outside.containsKey(key);
    }

    /**
     * Who also hears of each command at the moment a server does it.
     *
     * @param listener told the server and the command
     */
    public void onCommand(BiConsumer<SimulatedServer, SentCommand> listener) {
        carryOut.add(listener);
    }

    void carriesOut(SimulatedServer server, SentCommand order) {
        carryOut.forEach(l -> l.accept(server, order));
    }

    Schemas schemas() {
        return schemas;
    }

    /** Some server's process, or whether it takes writes, has changed. */
    void changed() {
        changes++;
    }

    /**
     * How often a server's process, or whether it takes writes, has changed.
     *
     * @return grows
     */
    public long changes() {
        return changes;
    }

    /**
     * All of the cluster that this world is about.
     *
     * @return in the order in which they were added
     */
    public Collection<SimulatedServer> all() {
        return all.values();
    }

    /**
     * One of them.
     *
     * @param key its host and port
     * @return empty when nobody ever listened there
     */
    public Optional<SimulatedServer> find(InstanceKey key) {
        return Optional.ofNullable(all.getOrDefault(key, outside.get(key)));
    }

    /** Whether anything has that host. */
    boolean hasHost(String hostname) {
        return all.keySet().stream().anyMatch(k -> k.hostname().equals(hostname))
                || outside.keySet().stream().anyMatch(k -> k.hostname().equals(hostname));
    }

    /**
     * One that exists.
     *
     * @param key its host and port
     * @return the server
     */
    public SimulatedServer get(InstanceKey key) {
        return find(key).orElseThrow(() -> new IllegalArgumentException("no server " + key));
    }
}
