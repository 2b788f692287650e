/** Tests. */
@NullMarked
package dev.orchestrator.engine.internal.core.event;

import org.jspecify.annotations.NullMarked;
