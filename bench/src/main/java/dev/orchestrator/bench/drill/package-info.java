/** A failure brought about on purpose on real servers, and what came of it, measured from outside. */
@NullMarked
package dev.orchestrator.bench.drill;

import org.jspecify.annotations.NullMarked;
