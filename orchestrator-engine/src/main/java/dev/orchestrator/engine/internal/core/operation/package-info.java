/** What operators may do to living topologies, and how: pure functions of the picture. */
@NullMarked
package dev.orchestrator.engine.internal.core.operation;

import org.jspecify.annotations.NullMarked;
