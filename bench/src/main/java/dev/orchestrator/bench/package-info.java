/** Programs that measure and try what is delivered, on real servers and real processes. */
@NullMarked
package dev.orchestrator.bench;

import org.jspecify.annotations.NullMarked;
