/** A failure brought about on purpose on real servers, and what came of it, measured from outside. */
@NullMarked
package dev.orchestrator.examples.drill;

import org.jspecify.annotations.NullMarked;
