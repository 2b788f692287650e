/** Engines that do something wrong, to see that the simulated world finds it. */
@NullMarked
package dev.orchestrator.simulation.faulty;

import org.jspecify.annotations.NullMarked;
