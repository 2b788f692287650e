package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.simulation.kind.ServerKind;

/**
 * Which of the transactions that a server has executed are empty there, and in its binary log: their rows were filtered
 * away, here or before they came here. No GTID set tells.
 */
final class Contents {
    private final SimulatedServer server;
    private GtidSet absent = GtidSet.empty();
    private GtidSet unlogged = GtidSet.empty();

    Contents(SimulatedServer server) {
        this.server = server;
    }

    /** What was executed here without its rows. */
    GtidSet absent() {
        return absent;
    }

    /** What comes empty to whoever reads these from here. */
    GtidSet sentEmpty(GtidSet gtids) {
        return unlogged.isEmpty() ? unlogged : gtids.intersection(unlogged);
    }

    /** A client of this server writes a row. */
    void wrote(GtidSet gtid) {
        log(server.schemas().filtered(gtid));
    }

    /** The applier executes what its source has sent, some of it empty. */
    void applied(GtidSet gtids, GtidSet empty) {
        GtidSet filtered = server.schemas().filtered(gtids);
        if (filtered.isEmpty()) {
            return;
        }
        boolean leavesOut = ServerKind.leaveOut(server.settings.kind().filters(), Schemas.SCRATCH);
        GtidSet lacking = leavesOut ? filtered : filtered.intersection(empty);
        absent = absent.union(lacking);
        unlogged = unlogged.union(lacking);
        log(filtered);
    }

    private void log(GtidSet filtered) {
        if (!filtered.isEmpty() && ServerKind.leaveOut(server.settings.kind().binlogFilters(), Schemas.SCRATCH)) {
            unlogged = unlogged.union(filtered);
        }
    }
}
