/** The shortest program that embeds an orchestrator. */
@NullMarked
package dev.orchestrator.examples.embed;

import org.jspecify.annotations.NullMarked;
