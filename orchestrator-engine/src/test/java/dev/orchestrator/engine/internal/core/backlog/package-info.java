/** Tests. */
@NullMarked
package dev.orchestrator.engine.internal.core.backlog;

import org.jspecify.annotations.NullMarked;
