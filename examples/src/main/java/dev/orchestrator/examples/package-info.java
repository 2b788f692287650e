/** Small programs a reader can copy. */
@NullMarked
package dev.orchestrator.examples;

import org.jspecify.annotations.NullMarked;
