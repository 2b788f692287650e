package dev.orchestrator.engine.internal.core.leader;

/**
 * A lease that is being given up: nothing new is begun under it.
 *
 * @param tenure as it was held
 * @param isQuiet whether what was begun under it is over, so that others may have it
 */
record Leaving(HeldLease tenure, boolean isQuiet) {}
