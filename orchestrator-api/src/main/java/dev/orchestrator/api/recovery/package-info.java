/** Decisions, plans, and the record of what a recovery did or refused to do. */
@NullMarked
package dev.orchestrator.api.recovery;

import org.jspecify.annotations.NullMarked;
