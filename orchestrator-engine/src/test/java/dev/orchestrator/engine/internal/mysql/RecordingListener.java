package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.spi.SentinelListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a sentinel tells. */
final class RecordingListener implements SentinelListener {
    final List<Long> lostAtNanos = new CopyOnWriteArrayList<>();
    final List<Integer> missed = new CopyOnWriteArrayList<>();
    final List<Long> missedAtNanos = new CopyOnWriteArrayList<>();

    @Override
    public void connectionLost(InstanceKey key) {
        lostAtNanos.add(System.nanoTime());
    }

    @Override
    public void waitMissed(InstanceKey key, int inARow) {
        missed.add(inARow);
        missedAtNanos.add(System.nanoTime());
    }
}
