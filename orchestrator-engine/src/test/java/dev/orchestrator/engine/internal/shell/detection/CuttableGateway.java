package dev.orchestrator.engine.internal.shell.detection;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A gateway from which servers can be cut off, while they live on and others reach them. */
final class CuttableGateway implements InstanceGateway {
    private final InstanceGateway real;
    private final Set<InstanceKey> cut = ConcurrentHashMap.newKeySet();

    CuttableGateway(InstanceGateway real) {
        this.real = real;
    }

    void cut(InstanceKey key) {
        cut.add(key);
    }

    @Override
    public Observation probe(InstanceKey key, Duration deadline) {
        return cut.contains(key)
                ? new Observation.Failed(
                        key,
                        new ProbeFailure(ProbeFailure.Kind.TIMEOUT, "cut off by a test"),
                        Instant.now(),
                        Duration.ofMillis(1))
                : real.probe(key, deadline);
    }

    @Override
    public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        return real.command(key, guard, command, timeout);
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
