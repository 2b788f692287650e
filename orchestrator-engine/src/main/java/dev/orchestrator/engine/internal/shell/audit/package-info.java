/** Telling: events to listeners, audit entries to the backend. */
@NullMarked
package dev.orchestrator.engine.internal.shell.audit;

import org.jspecify.annotations.NullMarked;
