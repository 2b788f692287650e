package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.spi.SentinelListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The real gateway, except that the next answer of a certain server is kept back until it is let go. */
final class HoldingGateway implements InstanceGateway {
    private final InstanceGateway real;
    private final AtomicReference<InstanceKey> wanted = new AtomicReference<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private final CountDownLatch delivered = new CountDownLatch(1);

    HoldingGateway(InstanceGateway real) {
        this.real = real;
    }

    /** The next poll of a server is begun and answered, and does not end. */
    void holdNext(InstanceKey key) {
        wanted.set(key);
    }

    boolean isHolding() {
        return held.getCount() == 0;
    }

    /** Lets the answer go on. */
    void letGo() {
        free.countDown();
    }

    /** Whether the server was polled again since. */
    boolean hasPolledAgain() {
        return delivered.getCount() == 0;
    }

    @Override
    public Observation probe(InstanceKey key, Duration deadline) {
        if (isHolding() && free.getCount() == 0 && key.equals(wanted.get())) {
            delivered.countDown();
        }
        Observation answer = real.probe(key, deadline);
        if (!isHolding() && key.equals(wanted.get())) {
            held.countDown();
            awaitFreedom();
        }
        return answer;
    }

    private void awaitFreedom() {
        try {
            if (!free.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody lets the answer go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean command(InstanceKey key, Guard guard, InstanceCommand command, Duration timeout) {
        return real.command(key, guard, command, timeout);
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
