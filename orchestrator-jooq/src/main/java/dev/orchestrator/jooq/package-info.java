/** The backend that remembers everything, in MySQL or in an SQLite file: how to open it and what can be chosen. */
@NullMarked
package dev.orchestrator.jooq;

import org.jspecify.annotations.NullMarked;
