/** Connections to the backend, what can go wrong with them, and the upkeep of the schema. */
@NullMarked
package dev.orchestrator.jooq.internal.connect;

import org.jspecify.annotations.NullMarked;
