/** What operators want and what is remembered, behind the facade: checked, written, audited. */
@NullMarked
package dev.orchestrator.engine.internal.shell.intent;

import org.jspecify.annotations.NullMarked;
