/** Standing for a lease and keeping it, as values: what is known, what happens, what is wanted. */
@NullMarked
package dev.orchestrator.engine.internal.core.leader;

import org.jspecify.annotations.NullMarked;
