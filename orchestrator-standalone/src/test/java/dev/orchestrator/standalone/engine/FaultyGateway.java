package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.model.ChannelSettings;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The real gateway, except that its process kills itself before or after a certain command, or sends the commands for
 * one server another way.
 */
final class FaultyGateway implements InstanceGateway {
    private final InstanceGateway real;
    private final String before;
    private final String after;
    private final InstanceKey diverted;
    private final InstanceKey way;

    /**
     * A gateway.
     *
     * @param real the real one
     * @param faults {@code before} or {@code after}: how the command's text begins; {@code divert} and {@code way}:
     *     keys of a server and of a proxy
     */
    FaultyGateway(InstanceGateway real, Map<String, String> faults) {
        this.real = real;
        this.before = faults.getOrDefault("before", "never");
        this.after = faults.getOrDefault("after", "never");
        this.diverted = InstanceKey.parse(faults.getOrDefault("divert", "nobody:1"));
        this.way = InstanceKey.parse(faults.getOrDefault("way", "nobody:1"));
    }

    @Override
    public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        if (command.toString().startsWith(before)) {
            die();
        }
        boolean done = real.command(key.equals(diverted) ? way : key, guard, command, timeout);
        if (command.toString().startsWith(after)) {
            die();
        }
        return done;
    }

    private static void die() {
        try {
            new ProcessBuilder(
                            "kill",
                            "-KILL",
                            Long.toString(ProcessHandle.current().pid()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (true) {
            LockSupport.parkNanos(1_000_000_000);
        }
    }

    @Override
    public Observation probe(InstanceKey key, Duration deadline) {
        return real.probe(key, deadline);
    }

    @Override
    public Optional<ChannelSettings> channelSettings(InstanceKey key, String channel, Duration timeout) {
        return real.channelSettings(key, channel, timeout);
    }

    @Override
    public Watch watch(InstanceKey key, SentinelListener listener) {
        return real.watch(key, listener);
    }

    @Override
    public void release(InstanceKey key) {
        real.release(key);
    }

    @Override
    public void close() {
        real.close();
    }
}
