/** Which replica takes over, and why not the others: pure functions of the fleet as it was last read. */
@NullMarked
package dev.orchestrator.engine.internal.core.candidate;

import org.jspecify.annotations.NullMarked;
