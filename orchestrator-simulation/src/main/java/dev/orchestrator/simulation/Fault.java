package dev.orchestrator.simulation;

import java.util.List;
import java.util.Locale;

/** What can go wrong in a world. */
enum Fault {
    /** The first primary is killed, now and then to be started again later. */
    PRIMARY_KILLED,
    /** A replica is killed. */
    REPLICA_KILLED,
    /** A server stands still for a while. */
    SERVER_FROZEN,
    /** A server is killed, and its supervisor starts it again within two seconds. */
    SERVER_RESTARTED,
    /** A service ends without a word. */
    NODE_KILLED,
    /** A service stands still for a while. */
    NODE_PAUSED,
    /** Statements wait in the backend, and are carried out later, in any order. */
    BACKEND_STALLED,
    /** What was asked of the backend is done, and nobody hears of it. */
    ANSWERS_LOST,
    /** Nothing arrives over a way between two hosts, or late; in one direction or both. */
    WAY_CUT,
    /** A replica's applier stands behind a lock. */
    APPLIER_HELD_UP;

    static final List<Fault> ALL = List.of(values());

    /** Whether it meets a service rather than a server. */
    boolean isOfService() {
        return this == NODE_KILLED || this == NODE_PAUSED;
    }

    /** The one of that name. */
    static Fault called(String words) {
        return ALL.stream()
                .filter(f -> f.toString().equals(words))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + words + "' is no fault: expected one of " + ALL));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
