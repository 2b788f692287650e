package dev.orchestrator.simulation.conformance;

import java.util.Locale;

/** The servers of a script: a primary and two replicas. */
enum Member {
    /** The primary, as a script begins. */
    DB1,
    /** A replica of the primary. */
    DB2,
    /** A replica of the primary. */
    DB3;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
