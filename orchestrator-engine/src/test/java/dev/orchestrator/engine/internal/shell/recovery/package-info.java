/** Recoveries of scripted fleets in memory. */
@NullMarked
package dev.orchestrator.engine.internal.shell.recovery;

import org.jspecify.annotations.NullMarked;
