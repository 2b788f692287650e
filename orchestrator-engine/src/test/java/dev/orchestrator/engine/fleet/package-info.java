/** Snapshots of fleets for tests, made by hand. */
@NullMarked
package dev.orchestrator.engine.fleet;

import org.jspecify.annotations.NullMarked;
