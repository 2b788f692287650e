/** One class per store of the SPI: all statements on our own schema, and nothing else. */
@NullMarked
package dev.orchestrator.jooq.internal.store;

import org.jspecify.annotations.NullMarked;
