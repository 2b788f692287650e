package dev.orchestrator.simulation.node;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServers;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A node's way to the servers: each poll and each command over the network, each with an end of its own patience. */
public final class Gateway {
    private static final Duration SETTINGS = Duration.ofSeconds(2);
    private static final ChannelSettings ACCOUNT =
            new ChannelSettings(Optional.of(new Credentials("repl", "secret")), ChannelOptions.PLAIN);

    private final NodeProcess process;
    private final EventQueue events;
    private final Network network;
    private final SimulatedServers servers;
    private final UnaryOperator<Instance> read;
    private final Stamps stamps;

    /**
     * A node's gateway.
     *
     * @param process the node
     * @param events time
     * @param network the ways
     * @param servers the servers
     * @param read what is taken in of a server's facts
     * @param stamps the clock that readings are stamped by
     */
    Gateway(
            NodeProcess process,
            EventQueue events,
            Network network,
            SimulatedServers servers,
            UnaryOperator<Instance> read,
            Stamps stamps) {
        this.process = process;
        this.events = events;
        this.network = network;
        this.servers = servers;
        this.read = read;
        this.stamps = stamps;
    }

    /**
     * Polls a server.
     *
     * @param key the server
     * @param patience after which it is taken for silent
     * @param told what the poll brought
     */
    public void probe(InstanceKey key, Duration patience, Consumer<Observation> told) {
        Instant startedAt = stamps.instant();
        long begun = process.nanos();
        Once<Observation> once = new Once<>(told);
        process.in(patience, () -> once.end(failed(key, ProbeFailure.Kind.TIMEOUT, startedAt, begun)));
        SimulatedServer server = servers.get(key);
        network.send(
                process.name(),
                key.hostname(),
                () -> server.arrive(
                        () -> {
                            Instance facts = read.apply(server.facts());
                            back(key, () -> once.end(new Observation.Seen(facts, startedAt, since(begun))));
                        },
                        () -> back(key, () -> once.end(failed(key, ProbeFailure.Kind.REFUSED, startedAt, begun)))));
    }

    /**
     * Asks servers, one after the other, how their channels connect, until one of them says it.
     *
     * @param keys the servers
     * @param told empty when none of them says it
     */
    public void settings(List<InstanceKey> keys, Consumer<Optional<ChannelSettings>> told) {
        if (keys.isEmpty()) {
            told.accept(Optional.empty());
            return;
        }
        probe(keys.get(0), SETTINGS, observation -> {
            boolean says = observation.match(seen -> !seen.instance().channels().isEmpty(), failed -> false);
            if (says) {
                told.accept(Optional.of(ACCOUNT));
            } else {
                settings(keys.subList(1, keys.size()), told);
            }
        });
    }

    private Observation failed(InstanceKey key, ProbeFailure.Kind kind, Instant startedAt, long begun) {
        return new Observation.Failed(key, new ProbeFailure(kind, key + ": " + kind), startedAt, since(begun));
    }

    private Duration since(long begun) {
        return Duration.ofNanos(process.nanos() - begun);
    }

    private void back(InstanceKey key, Runnable arrival) {
        network.send(key.hostname(), process.name(), () -> process.happen(arrival));
    }

    /**
     * Sends a command.
     *
     * @param step the command, whom it is meant for and how long it may take
     * @param right by what right
     * @param certain how long the right to act lasts, in nanoseconds of this node's clock
     * @param told how it ended, as far as this node can tell
     */
    public void command(PlanStep step, Right right, long certain, Consumer<StepResult> told) {
        long left = Math.min(certain, step.timeout().toNanos());
        if (left <= 0) {
            told.accept(new StepResult(StepResult.Kind.NOT_YET, "not sent: the right to act ends in a moment"));
            return;
        }
        InstanceKey key = step.instance();
        Once<StepResult> once = new Once<>(told);
        process.in(Duration.ofNanos(left), () -> once.end(StepResult.unknown(key + ": no answer")));
        SentCommand order = new SentCommand(
                process.name(),
                right,
                step.command(),
                step.serverUuid(),
                events.now() + left,
                result -> back(key, () -> once.end(result)));
        SimulatedServer server = servers.get(key);
        network.send(process.name(), key.hostname(), () -> server.command(order));
    }

    /** The first of several possible ends. */
    private static final class Once<T> {
        private final Consumer<T> told;
        private boolean over;

        Once(Consumer<T> told) {
            this.told = told;
        }

        void end(T result) {
            if (!over) {
                over = true;
                told.accept(result);
            }
        }
    }
}
