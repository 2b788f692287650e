package dev.orchestrator.engine.internal.core.leader;

import dev.orchestrator.spi.Lease;

/**
 * A lease that was granted to this node.
 *
 * @param lease the lease
 * @param beginNanos the ticker reading before which nothing is done under it: a former holder may not know yet
 * @param endNanos the ticker reading at which it can have run out
 */
public record HeldLease(Lease lease, long beginNanos, long endNanos) {
    /**
     * Whether it is certain to be held.
     *
     * @param nanos a ticker reading
     * @return false before its begin and from its end on
     */
    public boolean holdsAt(long nanos) {
        return nanos - beginNanos >= 0 && nanos - endNanos < 0;
    }

    boolean isOverAt(long nanos) {
        return nanos - endNanos >= 0;
    }

    HeldLease extendedTo(long nanos) {
        return new HeldLease(lease, beginNanos, nanos);
    }
}
