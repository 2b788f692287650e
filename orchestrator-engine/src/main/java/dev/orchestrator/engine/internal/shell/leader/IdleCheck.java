package dev.orchestrator.engine.internal.shell.leader;

import java.time.Duration;

/** Waits until nothing is under way that was begun under the lease, so that it can be given up. */
@FunctionalInterface
public interface IdleCheck {
    /** For a lease under which nothing is done that outlasts its end. */
    IdleCheck AT_ONCE = limit -> true;

    /**
     * Waits. Nothing new is begun meanwhile, because the lease counts as not held already.
     *
     * @param limit how long at most
     * @return whether nothing is under way
     */
    boolean await(Duration limit);
}
