/** Tests of how values become rows and documents. */
@NullMarked
package dev.orchestrator.jooq.internal.store;

import org.jspecify.annotations.NullMarked;
