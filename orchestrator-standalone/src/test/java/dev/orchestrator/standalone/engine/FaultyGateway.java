package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The real gateway, except that something may happen before and after a command, or commands take another way. */
final class FaultyGateway implements InstanceGateway {
    private final InstanceGateway real;
    private final FaultPoint faults;
    private final Map<InstanceKey, InstanceKey> ways;

    /**
     * A gateway.
     *
     * @param real the real one
     * @param faults told before and after each command
     * @param ways by server, the address to which its commands are sent instead
     */
    FaultyGateway(InstanceGateway real, FaultPoint faults, Map<InstanceKey, InstanceKey> ways) {
        this.real = real;
        this.faults = faults;
        this.ways = Map.copyOf(ways);
    }

    @Override
    public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        faults.reached("before " + command);
        boolean done = real.command(ways.getOrDefault(key, key), guard, command, timeout);
        faults.reached("after " + command);
        return done;
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
