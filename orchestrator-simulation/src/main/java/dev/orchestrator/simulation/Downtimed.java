package dev.orchestrator.simulation;

import dev.orchestrator.api.Downtime;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.simulation.world.EventQueue;
import java.time.Duration;
import java.time.Instant;

/** Nobody recovers a server by itself that is in downtime. */
final class Downtimed {
    /** A leader asks the backend once a second for what operators want. */
    private static final Duration HEARD_OF = Duration.ofSeconds(2);

    private final Schedule world;

    Downtimed(Schedule world) {
        this.world = world;
    }

    /** Who goes on with a recovery finishes it, whatever operators have begun since. */
    void began(RecoveryRecord record, boolean resumed) {
        // What an operator orders is done in a downtime, too, and under no epoch.
        boolean byItself = !resumed && record.type() != RecoveryType.SWITCHOVER && record.epoch() != 0;
        if (byItself && isKnownToBeInDowntime(record)) {
            throw new Violation(record.failed() + " is recovered though it is in downtime");
        }
    }

    private boolean isKnownToBeInDowntime(RecoveryRecord record) {
        long now = world.backend().now();
        Instant heardOf = EventQueue.at(now).minus(HEARD_OF);
        return world.backend()
                .rows()
                .intents(now)
                .downtime(record.failed())
                .map(Downtime::begin)
                .filter(heardOf::isAfter)
                .isPresent();
    }
}
