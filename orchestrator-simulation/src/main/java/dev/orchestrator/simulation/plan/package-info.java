/** What a world is made of and what goes wrong in it, as values: drawn by a seed, or said. */
@NullMarked
package dev.orchestrator.simulation.plan;

import org.jspecify.annotations.NullMarked;
