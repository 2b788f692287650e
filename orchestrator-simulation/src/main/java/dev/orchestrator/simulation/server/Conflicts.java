package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.simulation.kind.ReplicationError;
import java.util.Optional;

/**
 * Rows of a server that are not as its source has them, as somebody has written there: at the transaction that meets one
 * its applier ends, each time it is started, until somebody mends the row. Not thread-safe.
 */
final class Conflicts {
    private ReplicationError error = ReplicationError.NONE;
    private GtidSet at = GtidSet.empty();

    /** The next transaction that is applied meets a row. */
    void arise(ReplicationError met) {
        error = met;
    }

    /** Why some transactions cannot be executed; empty when they can. */
    Optional<ReplicationError> met(GtidSet gtids) {
        if (error.errno() == 0) {
            return Optional.empty();
        }
        if (at.isEmpty()) {
            at = gtids;
        }
        return gtids.intersects(at) ? Optional.of(error) : Optional.empty();
    }

    /** Whether a row is not as it should be, met or not. */
    boolean areThere() {
        return error.errno() != 0;
    }
}
