/** Recoveries and switchovers as procedures: who takes part, which phases they have, how an interrupted one goes on. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.recovery;

import org.jspecify.annotations.NullMarked;
