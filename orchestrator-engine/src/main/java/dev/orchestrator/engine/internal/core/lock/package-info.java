/** How long a maintenance lock is certainly held. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.lock;

import org.jspecify.annotations.NullMarked;
