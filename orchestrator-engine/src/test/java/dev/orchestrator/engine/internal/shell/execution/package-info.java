/** Recoveries of scripted fleets in memory. */
@NullMarked
package dev.orchestrator.engine.internal.shell.execution;

import org.jspecify.annotations.NullMarked;
