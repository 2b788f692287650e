package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.engine.internal.core.discovery.FleetDraft;

/** Told of every new picture with what was touched, in order, on the thread that made it. Must not block. */
@FunctionalInterface
interface FleetChange {
    /**
     * A new picture.
     *
     * @param change what came of it
     */
    void changed(FleetDraft.Change change);
}
