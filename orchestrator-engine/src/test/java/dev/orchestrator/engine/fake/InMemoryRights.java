package dev.orchestrator.engine.fake;

import dev.orchestrator.spi.Right;

/** Whether rights hold, by the leases and locks in memory. */
final class InMemoryRights {
    private final InMemoryLeases leases;
    private final InMemoryLocks locks;

    InMemoryRights(InMemoryLeases leases, InMemoryLocks locks) {
        this.leases = leases;
        this.locks = locks;
    }

    boolean hold(Right right) {
        return right.match(
                lease -> leases.isCurrent(lease.lease()), lock -> locks.allHeld(lock.token()), journal -> true);
    }
}
