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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A gateway from which servers can be cut off, while they live on and others reach them. */
final class CuttableGateway implements InstanceGateway {
    private final InstanceGateway real;
    private final Map<InstanceKey, ProbeFailure.Kind> cut = new ConcurrentHashMap<>();

    CuttableGateway(InstanceGateway real) {
        this.real = real;
    }

    /** From now on we do not reach a server any more; everybody else does. */
    void cut(InstanceKey key, ProbeFailure.Kind kind) {
        cut.put(key, kind);
    }

    @Override
    public Observation probe(InstanceKey key, Duration deadline) {
        ProbeFailure.Kind kind = cut.get(key);
        return kind == null
                ? real.probe(key, deadline)
                : new Observation.Failed(
                        key, new ProbeFailure(kind, "cut off by a test"), Instant.now(), Duration.ofMillis(1));
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
