/** Simulated services: a process with its own clock that runs the engine's decisions. */
@NullMarked
package dev.orchestrator.simulation.node;

import org.jspecify.annotations.NullMarked;
