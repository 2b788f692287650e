/** Recoveries and switchovers as procedures: who takes part, which phases they have, and what was lost. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.recovery;

import org.jspecify.annotations.NullMarked;
