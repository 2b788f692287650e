package dev.orchestrator.simulation.node;

import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Right;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * By what right a service changes servers.
 *
 * @param right as the backend checks it
 * @param lasts until when it certainly lasts by this service's monotonic clock; empty when it is gone
 */
record SimulatedAuthority(Right right, Supplier<OptionalLong> lasts) {
    /** The leader's: this very lease. */
    static SimulatedAuthority ofLease(SimulatedLeadership leadership, Lease lease) {
        return new SimulatedAuthority(new Right.UnderLease(lease), () -> leadership.until(lease));
    }

    /** That of an operator's order: its own locks. */
    static SimulatedAuthority ofLocks(SimulatedLock lock) {
        return new SimulatedAuthority(new Right.UnderLock(lock.token()), lock::until);
    }

    OptionalLong until() {
        return lasts.get();
    }
}
