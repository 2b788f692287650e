/** The servers that the backend itself lives on, as one of the topologies. */
@NullMarked
package dev.orchestrator.engine.internal.shell.selfhosted;

import org.jspecify.annotations.NullMarked;
