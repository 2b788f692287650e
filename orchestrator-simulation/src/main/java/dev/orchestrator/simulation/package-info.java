/** A world of servers, clients, nodes and faults, made of a seed, in which the engine's decisions are tried. */
@NullMarked
package dev.orchestrator.simulation;

import org.jspecify.annotations.NullMarked;
