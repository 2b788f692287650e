/** Contracts of the stores, held against SQLite and real servers, and what is particular to each of them. */
@NullMarked
package dev.orchestrator.jooq;

import org.jspecify.annotations.NullMarked;
