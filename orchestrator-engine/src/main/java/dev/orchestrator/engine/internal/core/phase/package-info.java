/** The phases that procedures are made of, each with one aim: pure functions of a procedure's state. */
@NullMarked
package dev.orchestrator.engine.internal.core.phase;

import org.jspecify.annotations.NullMarked;
