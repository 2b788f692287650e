/** Time, chance and the network of a simulated world. */
@NullMarked
package dev.orchestrator.simulation.world;

import org.jspecify.annotations.NullMarked;
