package dev.orchestrator.simulation.server;

import dev.orchestrator.api.model.GtidSet;

/** Where clients' rows belong: most to the schema that everybody replicates, some to one that filters leave out. */
public final class Schemas {
    /** What everybody replicates. */
    public static final String APP = "app";

    /** What filters leave out. */
    public static final String SCRATCH = "scratch";

    private GtidSet scratch = GtidSet.empty();

    Schemas() {}

    /** A transaction was written. */
    void wrote(GtidSet gtid, String schema) {
        if (schema.equals(SCRATCH)) {
            scratch = scratch.union(gtid);
        }
    }

    /** Those of some transactions that a filter leaves out. */
    GtidSet filtered(GtidSet gtids) {
        return scratch.isEmpty() ? scratch : gtids.intersection(scratch);
    }
}
