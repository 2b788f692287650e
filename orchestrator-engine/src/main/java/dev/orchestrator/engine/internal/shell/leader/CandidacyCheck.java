package dev.orchestrator.engine.internal.shell.leader;

/** Asked before a lease that is free is taken. */
@FunctionalInterface
public interface CandidacyCheck {
    /** Whoever finds the lease free may take it. */
    CandidacyCheck FREE = () -> true;

    /**
     * Whether this backend is the one to take the lease in. May block for as long as it takes to look around.
     *
     * @return false when another copy of the backend may be the one that counts
     */
    boolean mayStand();
}
