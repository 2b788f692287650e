/** Processes of this project as a series starts, watches and ends them. */
@NullMarked
package dev.orchestrator.bench.process;

import org.jspecify.annotations.NullMarked;
