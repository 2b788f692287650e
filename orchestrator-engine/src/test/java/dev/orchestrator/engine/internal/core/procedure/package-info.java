/** Tests. */
@NullMarked
package dev.orchestrator.engine.internal.core.procedure;

import org.jspecify.annotations.NullMarked;
