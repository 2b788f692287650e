/** The commands: what each needs, does and prints. */
@NullMarked
package dev.orchestrator.cli.internal.command;

import org.jspecify.annotations.NullMarked;
