package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.spi.Lease;
import java.util.Optional;

/** What acting code needs to know of leadership. Never blocks. */
@FunctionalInterface
public interface Leadership {
    /**
     * The lease this node holds at this moment.
     *
     * @return empty unless the lease is certain, by the monotonic clock, to be held
     */
    Optional<Held> held();

    /**
     * A lease that is held.
     *
     * @param lease the lease
     * @param deadlineNanos the ticker reading at which it can have run out; nothing may be begun after it
     */
    record Held(Lease lease, long deadlineNanos) {}
}
