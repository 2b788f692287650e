/** The one runner of procedures: the only caller of commands that change servers. */
@NullMarked
package dev.orchestrator.engine.internal.shell.execution;

import org.jspecify.annotations.NullMarked;
