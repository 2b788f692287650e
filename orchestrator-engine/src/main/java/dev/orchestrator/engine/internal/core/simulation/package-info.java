/** A fleet of servers that become what they are told, for dry runs and the warm-up at start. */
@NullMarked
package dev.orchestrator.engine.internal.core.simulation;

import org.jspecify.annotations.NullMarked;
