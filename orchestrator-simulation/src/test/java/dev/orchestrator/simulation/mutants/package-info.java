/** Small mistakes put into the engine's core, to see who finds them. */
@NullMarked
package dev.orchestrator.simulation.mutants;

import org.jspecify.annotations.NullMarked;
