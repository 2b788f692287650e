package dev.orchestrator.simulation;

import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;

/** Nobody recovers a server by itself that is in downtime. */
final class Downtimed {
    private final Schedule world;

    Downtimed(Schedule world) {
        this.world = world;
    }

    /** Who goes on with a recovery finishes it, whatever operators have begun since. */
    void began(RecoveryRecord record, boolean resumed) {
        boolean byItself = !resumed && record.type() != RecoveryType.SWITCHOVER;
        if (byItself
                && world.backend()
                        .rows()
                        .intents(world.backend().now())
                        .downtime(record.failed())
                        .isPresent()) {
            throw new Violation(record.failed() + " is recovered though it is in downtime");
        }
    }
}
