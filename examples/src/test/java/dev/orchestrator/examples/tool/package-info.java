/** The tool on real servers. */
@NullMarked
package dev.orchestrator.examples.tool;

import org.jspecify.annotations.NullMarked;
