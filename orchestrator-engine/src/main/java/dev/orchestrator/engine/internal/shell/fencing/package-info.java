/** Keeps former primaries from being written, as long as their fences hold. */
@NullMarked
package dev.orchestrator.engine.internal.shell.fencing;

import org.jspecify.annotations.NullMarked;
