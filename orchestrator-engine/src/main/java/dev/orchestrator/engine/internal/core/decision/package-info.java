/** Whether something may be done about a problem, and why: pure functions of facts that were read before. */
@NullMarked
package dev.orchestrator.engine.internal.core.decision;

import org.jspecify.annotations.NullMarked;
