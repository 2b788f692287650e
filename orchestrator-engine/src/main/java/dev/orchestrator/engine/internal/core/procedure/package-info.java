/**
 * The order of actions as a value: procedures made of phases, the state they are asked about, what they want done and what
 * they are told. No clock, thread or port; the same in production, dry run, resumption and simulation.
 */
@NullMarked
package dev.orchestrator.engine.internal.core.procedure;

import org.jspecify.annotations.NullMarked;
