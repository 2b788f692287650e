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
    APPLIER_HELD_UP,
    /** A service stands still for longer than any lease lasts. */
    NODE_ASLEEP,
    /** What would be written fails, what is read does not. */
    BACKEND_READ_ONLY,
    /** The backend's process is not there: whoever asks is told so at once. */
    BACKEND_REFUSES,
    /** A replica of the backend takes its place, which lacks what was written last. */
    BACKEND_FAILED_OVER,
    /** A wall clock is set, forward or back. */
    CLOCK_SET,
    /** A way between two hosts is cut and mended, many times. */
    WAY_FLAPS,
    /** What one host asks another is done, and it does not hear of it. */
    WAY_LOSES_ANSWERS;

    static final List<Fault> ALL = List.of(values());
    /** Those that the dice of a world choose from; of the others, others choose. */
    static final List<Fault> USUAL = ALL.subList(0, APPLIER_HELD_UP.ordinal() + 1);

    static final List<Fault> FURTHER = ALL.subList(USUAL.size(), ALL.size());

    /** Whether it meets a service rather than a server. */
    boolean isOfService() {
        return this == NODE_KILLED || this == NODE_PAUSED || this == NODE_ASLEEP;
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
