package dev.orchestrator.engine.internal.shell.execution;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.MaintenanceLock;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.engine.internal.shell.leader.Leadership;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.Right;
import dev.orchestrator.spi.Ticker;

/** By what right servers are changed, and how long it certainly lasts. Asked before every single command. */
public interface Authority {
    /**
     * Makes sure that the right still exists.
     *
     * @return the ticker reading at which it can end; no command may be carried out after it
     * @throws OrchestratorException with {@code NOT_LEADER} or {@code LOCK_LOST} when it is gone
     */
    long check();

    /**
     * The same right as the backend checks it when something is written.
     *
     * @return the right
     * @throws OrchestratorException with {@code NOT_LEADER} where there is none
     */
    Right right();

    /**
     * No right of one's own.
     *
     * @return refuses always
     */
    static Authority none() {
        return new Authority() {
            @Override
            public long check() {
                throw noRight();
            }

            @Override
            public Right right() {
                throw noRight();
            }

            private OrchestratorException noRight() {
                return new OrchestratorException(ErrorCode.NOT_LEADER, "this node does not lead");
            }
        };
    }

    /**
     * The right of the leader: this very lease, by token and epoch; a later one of the same node is another right.
     *
     * @param leadership whether this node leads
     * @param lease the lease the recovery was begun under
     * @return the right
     */
    static Authority ofLease(Leadership leadership, Lease lease) {
        return new Authority() {
            @Override
            public long check() {
                return leadership
                        .held()
                        .filter(h -> h.lease().epoch() == lease.epoch()
                                && h.lease().token().equals(lease.token()))
                        .map(Leadership.Held::deadlineNanos)
                        .orElseThrow(() -> new OrchestratorException(
                                ErrorCode.NOT_LEADER, "the leadership of epoch " + lease.epoch() + " is over"));
            }

            @Override
            public Right right() {
                return new Right.UnderLease(lease);
            }
        };
    }

    /**
     * The right of an operator's order: the operation's own locks.
     *
     * @param lock the locks
     * @param ticker monotonic time
     * @return the right
     */
    static Authority ofLocks(MaintenanceLock lock, Ticker ticker) {
        return new Authority() {
            @Override
            public long check() {
                long now = ticker.nanos();
                lock.check();
                return now + lock.certainFor().toNanos();
            }

            @Override
            public Right right() {
                return new Right.UnderLock(lock.token());
            }
        };
    }
}
