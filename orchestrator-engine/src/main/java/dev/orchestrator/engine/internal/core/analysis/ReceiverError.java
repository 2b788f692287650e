package dev.orchestrator.engine.internal.core.analysis;

import dev.orchestrator.api.model.ReplicationChannel;
import java.util.Set;

/** What the last error of a receiver says about its source at the time of the error. */
public enum ReceiverError {
    /** There is no error. */
    NONE,
    /** Nothing answered, or a connection broke. */
    UNREACHABLE,
    /** The source answered, and refused: it lived. */
    REFUSED,
    /** The name of the source has no address: nothing was tried. */
    UNRESOLVABLE,
    /** Something else, such as a failed TLS handshake: the source may have answered or not. */
    OTHER;

    /** 1053, 1927, 3169, 4031: the source says that it ends the connection, which is no sign of life to come. */
    private static final Set<Integer> WAY_BROKEN =
            Set.of(1053, 1158, 1159, 1160, 1161, 2002, 2003, 2006, 2013, 2055, 1927, 3169, 4031);

    /**
     * Sent by a source. Connections used up: 1040, 1041, 1203, 1226. Host: 1042, 1129, 1130. Account: 1044, 1045, 1227, 1251,
     * 1275, 1524, 1698, 1820, 1862, 3032, 3118, 3159, 3955, 4151; 2058, 2059 and 2061 are what our side makes of its
     * demand for a way to authenticate. What was asked for: 1236, 13114.
     */
    private static final Set<Integer> SAID_BY_SOURCE = Set.of(
            1040, 1041, 1042, 1044, 1045, 1129, 1130, 1203, 1226, 1227, 1236, 1251, 1275, 1524, 1698, 1820, 1862, 2058,
            2059, 2061, 3032, 3118, 3159, 3955, 4151, 13114);

    private static final int UNKNOWN_HOST = 2005;

    /**
     * Reads the error of a channel.
     *
     * @param channel the channel
     * @return what it says
     */
    public static ReceiverError of(ReplicationChannel channel) {
        int errno = channel.lastReceiverErrno();
        if (errno == 0) {
            return NONE;
        }
        if (errno == UNKNOWN_HOST) {
            return UNRESOLVABLE;
        }
        if (WAY_BROKEN.contains(errno)) {
            return UNREACHABLE;
        }
        return SAID_BY_SOURCE.contains(errno) ? REFUSED : OTHER;
    }
}
