/** Which orders of operators make sense, and how the audit trail tells of them. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.intent;

import org.jspecify.annotations.NullMarked;
