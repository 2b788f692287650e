/** What waits to be written or told while whoever takes it is slow or away. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.backlog;

import org.jspecify.annotations.NullMarked;
