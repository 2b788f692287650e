/** The same scripts on simulated and on real servers: both must read alike after each step. */
@NullMarked
package dev.orchestrator.simulation.conformance;

import org.jspecify.annotations.NullMarked;
