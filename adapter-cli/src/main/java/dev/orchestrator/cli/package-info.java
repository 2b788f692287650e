/** The {@code orchestrator} command: its entry point. */
@NullMarked
package dev.orchestrator.cli;

import org.jspecify.annotations.NullMarked;
