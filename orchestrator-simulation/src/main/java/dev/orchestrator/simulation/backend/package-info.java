/** The backend that nodes share: rows with conditions, answers that come late or never. */
@NullMarked
package dev.orchestrator.simulation.backend;

import org.jspecify.annotations.NullMarked;
