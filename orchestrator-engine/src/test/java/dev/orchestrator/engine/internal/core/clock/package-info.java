/** Tests. */
@NullMarked
package dev.orchestrator.engine.internal.core.clock;

import org.jspecify.annotations.NullMarked;
