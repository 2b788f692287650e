package dev.orchestrator.bench.drill;

/** What is wrong already when the primary is injured. */
public enum DrillFault {
    /** Nothing. */
    NONE,
    /** Only one replica has the last writes, and cannot apply them for a while. */
    BLOCKED_APPLIER,
    /** The network has not yet delivered the last writes to any replica. */
    UNSENT_WRITES
}
