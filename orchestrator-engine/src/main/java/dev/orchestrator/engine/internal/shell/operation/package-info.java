/** Operators' changes of living topologies: locks, fresh reads, the plan, its execution, the proof and the audit. */
@NullMarked
package dev.orchestrator.engine.internal.shell.operation;

import org.jspecify.annotations.NullMarked;
