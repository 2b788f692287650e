/** Keeping, losing and observing leadership. */
@NullMarked
package dev.orchestrator.engine.internal.shell.leader;

import org.jspecify.annotations.NullMarked;
