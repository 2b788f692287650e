package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServers;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** An application that writes to whom it takes for the primary, and remembers what was acknowledged. Not thread-safe. */
final class Writer {
    private static final String HOST = "application";
    private static final Duration PAUSE = Duration.ofMillis(80);
    private static final Duration WORST_PAUSE = Duration.ofMillis(600);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final EventQueue events;
    private final Dice dice;
    private final Network network;
    private final SimulatedServers servers;
    private final Supplier<String> schema;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private InstanceKey primary;
    private boolean stopped;
    private int number;

    /**
     * A write that its server has acknowledged.
     *
     * @param server the server
     * @param gtid the transaction
     * @param at when the application heard of it, in nanoseconds
     */
    record Acknowledged(InstanceKey server, GtidSet gtid, long at) {}

    Writer(
            EventQueue events,
            Dice dice,
            Network network,
            SimulatedServers servers,
            InstanceKey primary,
            Supplier<String> schema) {
        this.events = events;
        this.dice = dice;
        this.network = network;
        this.servers = servers;
        this.primary = primary;
        this.schema = schema;
    }

    /** Clients are sent to another server. */
    void switchTo(InstanceKey other) {
        primary = other;
    }

    List<Acknowledged> acknowledged() {
        return acknowledged;
    }

    void stop() {
        stopped = true;
    }

    void start() {
        if (stopped) {
            return;
        }
        int mine = ++number;
        InstanceKey target = primary;
        SimulatedServer server = servers.get(target);
        String where = schema.get();
        events.in(PATIENCE, () -> next(mine));
        network.send(
                HOST,
                target.hostname(),
                () -> server.write(
                        where,
                        gtid -> network.send(target.hostname(), HOST, () -> {
                            acknowledged.add(new Acknowledged(target, gtid, events.now()));
                            next(mine);
                        }),
                        () -> network.send(target.hostname(), HOST, () -> next(mine))));
    }

    private void next(int mine) {
        if (mine == number) {
            events.in(dice.quick(PAUSE, WORST_PAUSE), () -> {
                if (mine == number) {
                    start();
                }
            });
        }
    }
}
