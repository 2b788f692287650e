/** What the record of a recovery says, held against servers as they are: whether they are as it left them, and what was lost. */
@NullMarked
package dev.orchestrator.engine.internal.core.record;

import org.jspecify.annotations.NullMarked;
