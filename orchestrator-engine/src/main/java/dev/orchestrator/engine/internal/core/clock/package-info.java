/** Times of day told from other clocks and monotonic time. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.clock;

import org.jspecify.annotations.NullMarked;
