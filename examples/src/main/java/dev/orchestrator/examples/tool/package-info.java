/** A tool of a platform team, run on several hosts of which one at a time works. */
@NullMarked
package dev.orchestrator.examples.tool;

import org.jspecify.annotations.NullMarked;
