package dev.orchestrator.engine.internal.core.refactor;

import dev.orchestrator.api.model.Fleet;

/** Tells from a fresh picture whether a wish is fulfilled. */
@FunctionalInterface
public interface Proof {
    /**
     * What is still missing.
     *
     * @param fleet the picture
     * @return empty when nothing is
     */
    String missing(Fleet fleet);
}
