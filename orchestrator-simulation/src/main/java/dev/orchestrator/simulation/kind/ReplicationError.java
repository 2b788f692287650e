package dev.orchestrator.simulation.kind;

import dev.orchestrator.api.model.InstanceKey;

/**
 * What a receiver or an applier met last.
 *
 * @param errno its number, 0 when there was none
 * @param text its words
 */
public record ReplicationError(int errno, String text) {
    /** A name that has no address: nothing is sent to it. */
    public static final int UNKNOWN_HOST = 2005;

    /** None was met. */
    public static final ReplicationError NONE = new ReplicationError(0, "");

    /**
     * Nobody listens there, or no packet comes through.
     *
     * @param source whom it wants to reach
     * @return 2003
     */
    public static ReplicationError unreachable(InstanceKey source) {
        return new ReplicationError(2003, "Can't connect to MySQL server on '" + source + "'");
    }

    /**
     * Who took the connection has said nothing.
     *
     * @param source whom it has reached
     * @return 2013
     */
    public static ReplicationError lostConnection(InstanceKey source) {
        return new ReplicationError(2013, "Lost connection to MySQL server at '" + source + "'");
    }

    /**
     * Its name has no address.
     *
     * @param source whom it wants to reach
     * @return 2005
     */
    public static ReplicationError unknownHost(InstanceKey source) {
        return new ReplicationError(UNKNOWN_HOST, "Unknown server host '" + source.hostname() + "'");
    }

    /**
     * The source has the same server_uuid or server_id: the receiver ends.
     *
     * @param replica of which version it is
     * @return 13117, of MySQL 5.7 1593
     */
    public static ReplicationError sameServer(ServerKind replica) {
        return new ReplicationError(
                replica.version().isAtLeast(8, 0, 0) ? 13117 : 1593,
                "source and replica have equal MySQL server UUIDs");
    }

    /**
     * The source has purged what the replica lacks: the receiver ends.
     *
     * @param replica of which version it is
     * @return 13114, of MySQL 5.7 1236
     */
    public static ReplicationError purged(ServerKind replica) {
        return new ReplicationError(
                replica.version().isAtLeast(8, 0, 0) ? 13114 : 1236,
                "the source has purged binary logs containing GTIDs that the replica requires");
    }
}
