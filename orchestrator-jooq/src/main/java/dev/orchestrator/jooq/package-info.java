/** The backend that remembers everything, in MySQL or in an SQLite file: how to open it. */
@NullMarked
package dev.orchestrator.jooq;

import org.jspecify.annotations.NullMarked;
