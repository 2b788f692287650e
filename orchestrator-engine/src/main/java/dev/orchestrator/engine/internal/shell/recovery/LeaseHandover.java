package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Lease;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leadership of a recovery in whose course the lease is taken anew with a greater epoch: to the recovery, the new
 * lease of the same node is its right as the former one was.
 */
final class LeaseHandover implements Leadership {
    private final Leadership leadership;
    private volatile @Nullable Lease former;
    private volatile @Nullable Lease next;

    LeaseHandover(Leadership leadership) {
        this.leadership = leadership;
    }

    /** From now on, the one stands for the other. */
    void succeeded(Lease before, Lease after) {
        former = before;
        next = after;
    }

    @Override
    public Optional<Held> held() {
        Lease before = former;
        return leadership
                .held()
                .map(h -> before != null && h.lease().equals(next) ? new Held(before, h.deadlineNanos()) : h);
    }
}
