/** What operators may do to living topologies, and how: pure functions of the snapshot. */
@NullMarked
package dev.orchestrator.engine.internal.core.operation;

import org.jspecify.annotations.NullMarked;
