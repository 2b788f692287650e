package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.InstanceKey;
import java.util.Comparator;

/** What the schedule knows of one server. Only {@link PollSchedule} touches it. */
final class PollSlot {
    static final Comparator<PollSlot> BY_DUE =
            Comparator.comparingLong((PollSlot s) -> s.due).thenComparingLong(s -> s.number);

    final InstanceKey key;
    final long number;
    /** Where in the interval this server's turn is. */
    final long phase;
    /** Polled again and again; otherwise once, on demand. */
    boolean watched;

    boolean hasReplicas;
    int failures;
    boolean slow;
    /** In how many suspicions it takes part. */
    int suspicions;

    long due;
    /** In the queue of those that will be due. */
    boolean queued;
    /** Due, and waiting for room in this lane. */
    boolean waiting;

    Lane lane = Lane.HEALTHY;
    boolean running;
    long startedAt;
    /** Asked for while running: to be polled again as soon as it has ended. */
    boolean again;
    /** The lane of the order to poll now, null when only the clock calls. */
    @org.jspecify.annotations.Nullable
    Lane demanded;

    PollSlot(InstanceKey key, long number, long phase) {
        this.key = key;
        this.number = number;
        this.phase = phase;
    }

    boolean isIdle() {
        return !running && !waiting && demanded == null;
    }

    Lane laneNow() {
        if (demanded != null) {
            return demanded;
        }
        if (suspicions > 0) {
            return Lane.URGENT;
        }
        return failures > 0 || slow ? Lane.AILING : Lane.HEALTHY;
    }
}
