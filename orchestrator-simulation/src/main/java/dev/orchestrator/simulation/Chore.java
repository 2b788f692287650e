package dev.orchestrator.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What people do in some worlds, beside ordering switchovers. */
enum Chore {
    /** An operation that keeps no record: a move, starting or stopping replication, making a server read-only. */
    OPERATION_ORDERED,
    /** An operator orders the recovery of a server. */
    RECOVERY_ORDERED,
    /** An operator locks a server for maintenance, for a while or for good. */
    MAINTENANCE_BEGUN,
    /** Nothing is to be done about a server by itself, for a while or for good. */
    DOWNTIME_BEGUN,
    /** Nothing is to be done about any server by itself, for a while. */
    RECOVERIES_DISABLED,
    /** All recoveries that have ended are acknowledged. */
    RECOVERIES_ACKNOWLEDGED,
    /** A running recovery, switchover or operation is to stop. */
    CHANGE_CANCELLED;

    private static final List<Chore> ALL = List.of(values());

    /** What is done most often stands there more often. */
    static final List<Chore> USUAL = List.of(
            OPERATION_ORDERED,
            OPERATION_ORDERED,
            OPERATION_ORDERED,
            OPERATION_ORDERED,
            RECOVERY_ORDERED,
            RECOVERY_ORDERED,
            MAINTENANCE_BEGUN,
            MAINTENANCE_BEGUN,
            DOWNTIME_BEGUN,
            RECOVERIES_DISABLED,
            RECOVERIES_ACKNOWLEDGED,
            CHANGE_CANCELLED,
            CHANGE_CANCELLED,
            CHANGE_CANCELLED);

    /** The one of that name. */
    static Optional<Chore> called(String words) {
        return ALL.stream().filter(c -> c.toString().equals(words)).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
